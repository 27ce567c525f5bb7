import { stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { createControlBlock, requestStop } from '../../workers/control.ts';
import type { InputArray, ParentResult } from '../../workers/job.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput, Scalar } from '../../workers/model/result.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { Metadata, SignalHeader } from '../../workers/model/signal.ts';
import { featureCount, sampleCount } from '../../workers/model/signal.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { pluginNeeded, takesAlgorithm } from '../../workers/specs/registry.ts';
import type { Recipe } from '../contract/recipe.ts';
import type { MaskOrigin, NamedOrigin } from '../contract/session.ts';
import { writeAtomically, writeFolderAtomically } from '../io/atomic-write.ts';
import { writeNpy } from '../io/npy-writer.ts';
import { placeRowFile, sealRowFile } from '../io/row-files.ts';
import type { Platform } from '../platform.ts';
import { startComputation } from './compute.ts';
import type { WrittenSignal } from '../io/signal-files/signal-to-write.ts';
import { requireHolds } from '../io/signal-writers.ts';
import { writeSignalFile } from './export-files.ts';
import { exportResult, type ExportableResult } from './exporter.ts';
import { holdValues, packMeasured, runsOf, signalOfMask } from './derivation.ts';
import type { Generation } from './learning-fields.ts';
import { loadCubeOf, loadInputArray } from './load-input.ts';
import { fillLateValues } from './late-values.ts';
import { makeFolder } from './make-folder.ts';
import { admit, createMemory, doesNotFit } from './memory.ts';
import { bytesOf, requireDisk, requireUnchanged, streamRows } from './open-rows.ts';
import type { Plugins } from './plugins.ts';
import type { Pool } from './pool.ts';
import { readHeader } from './read-header.ts';
import { outputPlaces, planOutputs, requireFree, requireWritable } from './recipe-outputs.ts';
import { namedSignals } from './preparations.ts';
import { isPreparation, planSteps, type PlannedStep } from './recipe-plan.ts';
import { kindOf } from './result-kind.ts';
import { writeSessionFile, type RecipeData } from './session-file.ts';
import {
  assembleInput,
  findProblems,
  keptShape,
  leftOut,
  namedInputs,
  requireNoProblems,
  signalOfResult,
} from './prepare-run.ts';
import { createWorkFolders, type WorkFolders } from './work-folder.ts';

export interface RecipeOptions {
  /** folder that relative input files start from */
  base: string;
  /** where the folders of the steps go; null = only the recipe's own outputs are written */
  out: string | null;
  seed: number;
  force: boolean;
  /** custom algorithms that the user has allowed */
  plugins: Pick<Plugins, 'find'>;
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
      ['.hspy', '.zspy'].includes(extname(file).toLowerCase()) &&
      steps.some(({ id, root: from }) => id === of && from === root),
  );

const jsonNumber = (value: Scalar): Scalar => (typeof value === 'number' && !Number.isFinite(value) ? null : value);

/** Writes a step's arrays and scalars into a folder that appears only when it is whole. */
async function writeStepFolder(folder: string, step: DoneStep, force: boolean): Promise<void> {
  await makeFolder(dirname(folder));
  await writeFolderAtomically(folder, { overwrite: force }, async (part) => {
    for (const [name, { dtype, shape, data }] of Object.entries(step.output.arrays)) {
      await writeNpy(join(part, `${name}.npy`), dtype, shape, data, { overwrite: true });
    }
    for (const [name, file] of Object.entries(step.output.files ?? {})) {
      await placeRowFile(file, join(part, `${name}.npy`));
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
  const work = createWorkFolders();
  try {
    return await runSteps(recipe, platform, pool, options, work);
  } finally {
    await work.remove();
  }
}

async function runSteps(
  recipe: Recipe,
  platform: Platform,
  pool: Pool,
  options: RecipeOptions,
  work: WorkFolders,
): Promise<string[]> {
  const memory = createMemory(platform, () => platform.memoryLimit ?? null);
  const planned = planSteps(recipe);
  const places = planOutputs(recipe, planned, options.out);
  await requireWritable(places);
  if (!options.force) await requireFree(places);
  if (planned.length > 0) pool.warmUp(planned.map(({ spec }) => spec.family));
  const signals = new Map<string, SignalHeader>();
  const files = new Map<string, RecipeData>();
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
    const { size, mtimeMs } = await stat(path);
    const { axes: _axes, ...kept } = hints;
    const source = { file: path, fileBytes: size, fileModified: mtimeMs, signal: index, hints: kept };
    files.set(id, { format: header.format, signal, of: null, origin: { ...source, axes: signal.axes, steps: [] } });
    return signal;
  };

  /**
   * Data that a preparation step names, or a mask: its pixels go with what is prepared, whoever gave them. So do the
   * values of a small array of another file.
   */
  const namedSignalOf = async (
    id: string,
    role: 'mask' | 'array' | 'data',
    file: string,
  ): Promise<{ signal: SignalHeader; origin: NamedOrigin }> => {
    if (role !== 'mask' && !done.has(id)) {
      const signal = await signalOf(id);
      const { origin } = files.get(id)!;
      const isHeld = role === 'array' && origin.file !== file;
      return { signal, origin: (isHeld ? await holdValues(pool, id, signal) : null) ?? origin };
    }
    const { shape, data } = await arrayNamed(id);
    const origin: MaskOrigin = { name: id, shape, runs: runsOf(data) };
    return { signal: signalOfMask(origin), origin };
  };

  /** The data that a preparation step makes; they are computed when they are read. */
  const prepare = async (step: PlannedStep, where: string): Promise<void> => {
    const signal = await signalOf(step.of);
    const inputs: Record<string, SignalHeader[]> = {};
    const origins: Record<string, NamedOrigin[]> = {};
    const before = files.get(step.of)!;
    for (const [param, ids] of namedSignals(step.spec, step.values)) {
      const spec = step.spec.params[param];
      const role = spec?.kind !== 'input' ? 'data' : spec.role === 'navigation_mask' ? 'mask' : 'array';
      const found = await Promise.all(ids.map((id) => namedSignalOf(id, role, before.origin.file)));
      inputs[param] = found.map((one) => one.signal);
      origins[param] = found.map((one) => one.origin);
    }
    options.onStage(step.id, step.spec.title);
    const control = createControlBlock();
    options.onControl(() => requestStop(control, 'cancel'));
    const values = step.values as Metadata;
    const made = await pool
      .run('derive', {
        derivation: { operation: step.do, values, signal, inputs, measured: null },
        measure: true,
        control,
      })
      .catch((thrown: unknown) => {
        const isParameter = thrown instanceof EigenscopeError && thrown.code === 'parameter-out-of-range';
        throw isParameter
          ? new EigenscopeError('bad-recipe', `${where}.parameters.${thrown.message}`, thrown.details, thrown)
          : inStep(step.id, thrown);
      })
      .finally(() => options.onControl(null));
    for (const warning of made.warnings) if (!signal.warnings.includes(warning)) options.onStage(step.id, warning);
    signals.set(step.id, made);
    const measured = made.layout.kind === 'derived' ? packMeasured(made.layout.measured) : {};
    const steps = [...before.origin.steps, { operation: step.do, values, inputs: origins, measured }];
    files.set(step.id, { ...before, signal: made, of: step.of, origin: { ...before.origin, steps } });
  };

  /** Bytes of data and results that are in memory, without the data of one input. */
  const heldBeside = (id: string): number => {
    let bytes = 0;
    for (const [other, source] of cubes)
      if (other !== id && source.kind === 'shared') bytes += source.buffer.byteLength;
    const counted = new Set<ArrayBufferLike>();
    for (const { output } of done.values())
      for (const { data } of Object.values(output.arrays)) counted.add(data.buffer);
    for (const buffer of counted) bytes += buffer.byteLength;
    return bytes;
  };

  const forgetCube = (id: string): void => {
    cubes.delete(id);
    for (const earlier of done.values()) if (earlier.root === id) earlier.source = null;
  };

  /** Rows in memory, or to be read from the file again and again; a switch frees what was there before. */
  const rowsOf = async (id: string, where: 'memory' | 'file', room: number): Promise<RowSource> => {
    const known = cubes.get(id);
    if (known !== undefined && (known.kind === 'shared') === (where === 'memory')) return known;
    forgetCube(id);
    const signal = await signalOf(id);
    const control = createControlBlock();
    options.onControl(() => requestStop(control, 'cancel'));
    const stream = (): Promise<RowSource> =>
      streamRows(pool, signal, {
        room,
        threads: platform.threads,
        scratch: () => work.folder(),
        control,
        onStage: (text) => options.onStage(id, text),
      });
    const load = async (): Promise<RowSource> => {
      try {
        return await loadCubeOf(pool, signal, platform.threads, ({ stop }) => options.onControl(stop));
      } catch (thrown) {
        // Free, but not in one piece.
        if (thrown instanceof EigenscopeError && thrown.code === 'out-of-memory') return stream();
        throw thrown;
      }
    };
    const rows = await (where === 'file' ? stream() : load()).finally(() => options.onControl(null));
    cubes.set(id, rows);
    return rows;
  };

  /** Where a step's arrays of the size of the data go: the drive of its outputs, so that they need not be copied. */
  const rowFolderOf = async (id: string, bytes: number): Promise<string> => {
    const output = outputPlaces(recipe, options.out).find(({ of }) => of === id);
    const parent = options.out ?? (output === undefined ? null : dirname(output.path));
    if (parent !== null) await makeFolder(parent);
    const folder = await work.folder(parent);
    await requireDisk(folder, bytes, `${id}: the result`);
    return folder;
  };

  /** What a parameter names: an input, or what an earlier step found for every pixel. */
  const inputArrayOf = async (id: string): Promise<InputArray> => {
    const step = done.get(id);
    if (step === undefined) return loadInputArray(pool, await signalOf(id));
    const found = signalOfResult(step.output.arrays, step.record);
    if (found !== null) return found;
    throw new EigenscopeError('bad-recipe', `${id} has no values per pixel that another step could take.`);
  };

  const arrayNamed = async (id: string): Promise<InputArray> => {
    const known = arrays.get(id) ?? (await inputArrayOf(id));
    arrays.set(id, known);
    return known;
  };

  const parentOf = ({ output, record }: DoneStep): ParentResult => {
    const { operation, algorithm, parameters, parent } = record;
    const before = parent === null ? undefined : done.get(parent);
    return { ...output, operation, algorithm, parameters, ...(before ? { parent: parentOf(before) } : {}) };
  };

  const parentsOf = ({ record: { parent } }: DoneStep): Generation[] => {
    const before = parent === null ? undefined : done.get(parent);
    if (before === undefined) return [];
    const { record, output, masks } = before;
    return [{ record, arrays: output.arrays, masks }, ...parentsOf(before)];
  };

  // a format that cannot hold the data is refused before the work, not after it
  for (const { of, path } of outputPlaces(recipe, options.out)) {
    if (recipe.inputs[of] !== undefined) requireHolds(path, await signalOf(of));
  }

  for (const [at, step] of planned.entries()) {
    if (isPreparation(step.spec)) {
      await prepare(step, `steps[${at}]`);
      continue;
    }
    const signal = await signalOf(step.root);
    const shape = { samples: sampleCount(signal.axes), features: featureCount(signal.axes), dtype: signal.dtype };
    const inputs: Record<string, InputArray> = {};
    for (const [param, id] of namedInputs(step.spec, step.values)) {
      inputs[param] = await arrayNamed(id);
    }
    const kept = keptShape(shape, inputs);
    const parameters = fillLateValues(
      step.parameters,
      step.late,
      (id) => done.get(id)?.output.scalars,
      `steps[${at}].parameters`,
    );
    const { values, problems } = findProblems(step.spec, parameters, kept);
    requireNoProblems(problems, `steps[${at}].parameters.${problems[0]?.param ?? ''}: `);
    const estimate = step.spec.estimate(kept, values as never, platform.threads);
    const room = memory.room(heldBeside(step.root));
    const loaded = cubes.get(step.root)?.kind === 'shared' && memory.limit === null ? bytesOf(signal) : 0;
    // What is loaded does not count as free any more.
    const admission = admit(room + loaded, bytesOf(signal), estimate);
    if (admission === null) throw doesNotFit(`${step.id}: ${step.spec.title}`, estimate, room + loaded, memory);
    const source = await rowsOf(step.root, admission.data, room + loaded - estimate.bytes + (estimate.fileBytes ?? 0));
    const rowFolder = admission.rows === 'file' ? await rowFolderOf(step.id, estimate.fileBytes ?? 0) : null;
    const parent = done.get(step.of) ?? null;
    options.onStage(step.id, step.spec.title);
    const computation = startComputation(pool, {
      operation: step.do,
      algorithm: takesAlgorithm(step.do) ? step.spec.id : null,
      input: assembleInput(source, signal.axes, inputs, parent === null ? null : parentOf(parent)),
      values,
      seed: options.seed,
      rowFolder,
      mostBytes: room + loaded,
      plugin: await options.plugins.find(pluginNeeded(step.spec, values)),
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
    await requireUnchanged(source);
    for (const file of Object.values(output.files ?? {})) await sealRowFile(file);
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
        parameters: values,
        seed: options.seed,
        version: platform.version,
        made: new Date().toISOString(),
        seconds,
        scalars: { ...leftOut(shape, kept), ...output.scalars },
        arrays: Object.fromEntries(
          Object.entries({ ...output.arrays, ...output.files }).map(([n, { dtype, shape: s }]) => [
            n,
            { dtype, shape: s },
          ]),
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
    if (!isNeededAgain(recipe, planned, step.root, at)) forgetCube(step.root);
  }

  const tellWritten = (of: string, { files: made, notes }: WrittenSignal): void => {
    for (const place of made) tell(place);
    for (const note of notes) options.onStage(of, note);
  };
  for (const { of, path } of outputPlaces(recipe, options.out)) {
    await makeFolder(dirname(path));
    options.onStage(of, `writing ${basename(path)}`);
    const step = done.get(of);
    if (of === '*') {
      const outcome = { results: [...done.values()], data: files, arrayOf: arrayNamed };
      const notes = await writeSessionFile(path, outcome, options.force, platform.version);
      tell(path);
      for (const note of notes) options.onStage(of, note);
    } else if (step !== undefined) {
      const item = { ...step, parents: parentsOf(step) };
      tellWritten(of, await exportResult(pool, path, item, options.force));
    } else {
      tellWritten(of, await writeSignalFile(pool, path, await signalOf(of), null, options.force));
    }
  }
  return written;
}
