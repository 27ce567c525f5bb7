import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import type { InputArray } from '../../workers/job.ts';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput, Scalar } from '../../workers/model/result.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { featureCount, sampleCount } from '../../workers/model/signal.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { takesAlgorithm } from '../../workers/specs/registry.ts';
import type { Recipe } from '../contract/recipe.ts';
import { writeAtomically, writeFolderAtomically } from '../io/atomic-write.ts';
import { writeNpy } from '../io/npy-writer.ts';
import type { Platform } from '../platform.ts';
import { startComputation } from './compute.ts';
import { writeSignalFile } from './export-files.ts';
import { exportResult, type ExportableResult } from './exporter.ts';
import { loadCubeOf, loadInputArray } from './load-input.ts';
import { makeFolder } from './make-folder.ts';
import type { Pool } from './pool.ts';
import { readHeader } from './read-header.ts';
import { outputPlaces, planOutputs, requireFree, requireWritable } from './recipe-outputs.ts';
import { planSteps, type PlannedStep } from './recipe-plan.ts';
import { kindOf } from './result-kind.ts';
import { writeSessionFile } from './session-file.ts';
import { assembleInput, findProblems, keptShape, leftOut, namedInputs, requireNoProblems } from './prepare-run.ts';

export interface RecipeOptions {
  /** folder that relative input files start from */
  base: string;
  /** where the folders of the steps go; null = only the recipe's own outputs are written */
  out: string | null;
  seed: number;
  force: boolean;
  onStage(step: string, text: string): void;
  /** told of every file and folder as soon as it is whole */
  onWritten(place: string): void;
  onControl(stop: (() => void) | null): void;
}

/** A step that has been run, with all that its followers need. */
interface DoneStep extends ExportableResult {
  root: string;
  spec: AlgorithmSpec;
  output: AlgorithmOutput;
}

/** The error of a run with the step it happened in; a cancel and a bug stay as they are. */
function inStep(id: string, thrown: unknown): unknown {
  if (!(thrown instanceof EigenscopeError) || thrown.code === 'cancelled') return thrown;
  return new EigenscopeError(thrown.code, `${id}: ${thrown.message}`, thrown.details, thrown);
}

/** Whether the pixels of an input are used after this step: by another one, or by a file of data and result together. */
const isNeededAgain = (recipe: Recipe, steps: readonly PlannedStep[], root: string, at: number): boolean =>
  steps.some((step, i) => i > at && step.root === root) ||
  recipe.outputs.some(
    ({ of, file }) =>
      extname(file).toLowerCase() === '.hspy' && steps.some(({ id, root: from }) => id === of && from === root),
  );

const jsonNumber = (value: Scalar): Scalar => (typeof value === 'number' && !Number.isFinite(value) ? null : value);

/** Writes a step's arrays and scalars into a folder that appears only when it is whole. */
async function writeStepFolder(folder: string, step: DoneStep, force: boolean): Promise<void> {
  await makeFolder(dirname(folder));
  await writeFolderAtomically(folder, { overwrite: force }, async (part) => {
    for (const [name, { dtype, shape, data }] of Object.entries(step.output.arrays)) {
      await writeNpy(join(part, `${name}.npy`), dtype, shape, data, { overwrite: true });
    }
    const scalars = Object.fromEntries(
      Object.entries(step.record.scalars).map(([key, value]) => [key, jsonNumber(value)]),
    );
    const { seconds, seed, version } = step.record;
    await writeAtomically(join(part, 'scalars.json'), { overwrite: true }, async (handle) => {
      await handle.writeFile(JSON.stringify({ ...scalars, seconds, seed, version }, null, 1));
    });
  });
}

/**
 * Runs a recipe: all checks, then the inputs, then the steps in order, each written as soon as it is done.
 * @returns what was written, newest last.
 */
export async function runRecipe(
  recipe: Recipe,
  platform: Platform,
  pool: Pool,
  options: RecipeOptions,
): Promise<string[]> {
  const planned = planSteps(recipe);
  const places = planOutputs(recipe, planned, options.out);
  await requireWritable(places);
  if (!options.force) await requireFree(places);
  if (planned.length > 0) pool.warmUp();
  const signals = new Map<string, SignalHeader>();
  const files = new Map<string, { path: string; format: string }>();
  const cubes = new Map<string, RowSource>();
  const arrays = new Map<string, InputArray>();
  const done = new Map<string, DoneStep>();
  const written: string[] = [];
  const tell = (place: string): void => {
    written.push(place);
    options.onWritten(place);
  };

  const signalOf = async (id: string): Promise<SignalHeader> => {
    const known = signals.get(id);
    if (known !== undefined) return known;
    const { file, signal: index, ...hints } = recipe.inputs[id]!;
    const path = isAbsolute(file) ? file : resolve(options.base, file);
    options.onStage(id, `reading ${basename(path)}`);
    const header = await readHeader(pool, path, hints).catch((thrown: unknown) => {
      // The shapes that do not fit the file are the recipe's.
      if (!(thrown instanceof EigenscopeError) || thrown.code !== 'shape-mismatch') throw thrown;
      throw new EigenscopeError('bad-recipe', `inputs.${id}: ${thrown.message}`, thrown.details, thrown);
    });
    const signal = header.signals[index];
    if (signal === undefined) {
      throw new EigenscopeError(
        'bad-recipe',
        `inputs.${id}.signal: ${basename(path)} holds ${header.signals.length} signals, numbered from 0; got ${index}.`,
      );
    }
    signals.set(id, signal);
    files.set(id, { path, format: header.format });
    return signal;
  };

  const cubeOf = async (id: string): Promise<RowSource> => {
    const known = cubes.get(id) ?? (await loadCubeOf(pool, await signalOf(id)));
    cubes.set(id, known);
    return known;
  };

  for (const [at, step] of planned.entries()) {
    const signal = await signalOf(step.root);
    const shape = { samples: sampleCount(signal.axes), features: featureCount(signal.axes), dtype: signal.dtype };
    const inputs: Record<string, InputArray> = {};
    for (const [param, id] of namedInputs(step.spec, step.values)) {
      if (!arrays.has(id)) arrays.set(id, await loadInputArray(pool, await signalOf(id)));
      inputs[param] = arrays.get(id)!;
    }
    const kept = keptShape(shape, inputs);
    const { problems } = findProblems(step.spec, step.parameters, kept);
    requireNoProblems(problems, `steps[${at}].parameters.${problems[0]?.param ?? ''}: `);
    const estimate = step.spec.estimate(kept, step.values as never, platform.threads);
    const dataBytes = cubes.has(step.root) ? 0 : elementCount(signal.shape) * itemSize(signal.dtype);
    if (estimate.bytes + dataBytes > platform.freeMemory()) {
      throw new EigenscopeError(
        'out-of-memory',
        `${step.id}: ${step.spec.title} needs about ${Math.ceil((estimate.bytes + dataBytes) / 2 ** 20)} MiB and ${Math.floor(platform.freeMemory() / 2 ** 20)} MiB are free. Ask for fewer components (output_dimension), or crop or bin the data.`,
      );
    }
    const source = await cubeOf(step.root);
    const parent = done.get(step.of) ?? null;
    options.onStage(step.id, step.spec.title);
    const computation = startComputation(pool, {
      operation: step.do,
      algorithm: takesAlgorithm(step.do) ? step.spec.id : null,
      input: assembleInput(
        source,
        signal.axes,
        inputs,
        parent === null
          ? null
          : { ...parent.output, parameters: parent.record.parameters, algorithm: parent.record.algorithm },
      ),
      values: step.values,
      seed: options.seed,
    });
    let stopped = false;
    options.onControl(() => {
      stopped = true;
      computation.stop('cancel');
    });
    const { output, seconds } = await computation.done
      .catch((thrown: unknown) => {
        throw inStep(step.id, thrown);
      })
      .finally(() => options.onControl(null));
    for (const note of output.notes) options.onStage(step.id, note);
    const finished: DoneStep = {
      root: step.root,
      spec: step.spec,
      output,
      signal,
      source,
      record: {
        id: step.id,
        kind: kindOf(step.spec),
        operation: step.do,
        name: step.id,
        dataset: step.root,
        parent: parent === null ? null : step.of,
        algorithm: takesAlgorithm(step.do) ? step.spec.id : null,
        parameters: step.values,
        seed: options.seed,
        version: platform.version,
        made: new Date().toISOString(),
        seconds,
        scalars: { ...output.scalars, ...leftOut(shape, kept) },
        arrays: Object.fromEntries(
          Object.entries(output.arrays).map(([n, { dtype, shape: s }]) => [n, { dtype, shape: s }]),
        ),
        notes: output.notes,
        axes: signal.axes,
        starred: false,
      },
      masks: {
        ...(inputs['navigation_mask'] === undefined ? {} : { navigation: inputs['navigation_mask'] }),
        ...(inputs['signal_mask'] === undefined ? {} : { signal: inputs['signal_mask'] }),
      },
    };
    done.set(step.id, finished);
    if (options.out !== null) {
      const folder = join(options.out, step.id);
      await writeStepFolder(folder, finished, options.force);
      tell(folder);
    }
    // Asked to stop when this step was as good as done: it is kept, and nothing follows.
    if (stopped) throw new EigenscopeError('cancelled', 'Cancelled.');
    if (!isNeededAgain(recipe, planned, step.root, at)) {
      cubes.delete(step.root);
      for (const earlier of done.values()) if (earlier.root === step.root) earlier.source = null;
    }
  }

  for (const { of, path } of outputPlaces(recipe, options.out)) {
    await makeFolder(dirname(path));
    options.onStage(of, `writing ${basename(path)}`);
    const step = done.get(of);
    if (of === '*') {
      await writeSessionFile(path, [...done.values()], recipe, files, options.force, platform.version);
      tell(path);
    } else if (step !== undefined) {
      for (const place of await exportResult(path, step, options.force)) tell(place);
    } else {
      await writeSignalFile(path, await signalOf(of), null, options.force);
      tell(path);
    }
  }
  return written;
}
