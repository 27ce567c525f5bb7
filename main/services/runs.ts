import { randomUUID } from 'node:crypto';
import type { InputArray, ParentResult } from '../../workers/job.ts';
import type { AlgorithmOutput, ResultRecord } from '../../workers/model/result.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import { featureCount, sampleCount } from '../../workers/model/signal.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmSpec, Estimate } from '../../workers/specs/algorithm.ts';
import { createCache } from '../../workers/readers/longest-unused.ts';
import { pluginNeeded, resolveStep, takesAlgorithm } from '../../workers/specs/registry.ts';
import type { Params, Result } from '../contract/methods.ts';
import { sealRowFile } from '../io/row-files.ts';
import type { Platform } from '../platform.ts';
import type { DatasetStore } from './dataset-store.ts';
import type { JobRunner } from './job-runner.ts';
import { givenName, inputOfGiven, keepGiven, type NamedArray } from './given-arrays.ts';
import { loadInputArray } from './load-input.ts';
import { doesNotFit, sizeText, type Admission, type Memory } from './memory.ts';
import { requireDisk, requireUnchanged } from './open-rows.ts';
import { parentLimits } from './parent-limits.ts';
import type { Plugins } from './plugins.ts';
import type { Pool } from './pool.ts';
import {
  assembleInput,
  findProblems,
  keptShape,
  leftOut,
  namedInputs,
  requireNoProblems,
  signalOfResult,
} from './prepare-run.ts';
import type { Project } from './project.ts';
import { kindOf } from './result-kind.ts';
import type { ResultStore } from './result-store.ts';
import type { Settings } from './settings.ts';
import { createWorkFolders } from './work-folder.ts';

type Asked = Params<'job.check'>;

/** Masks, weights and references that are kept for the next question; the newest one also when it is larger. */
const keptInputBytes = 256 * 2 ** 20;

export interface Runs {
  check(asked: Asked): Promise<Result<'job.check'>>;
  start(asked: Params<'job.start'>): Promise<Result<'job.start'>>;
}

const whenCancelled = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (): void => reject(new EigenscopeError('cancelled', 'Cancelled.'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });

/** Runs as the window asks for them: on data sets and results of the open project. */
export function createRuns(
  platform: Platform,
  pool: Pool,
  datasets: DatasetStore,
  results: ResultStore,
  project: () => Project,
  memory: Memory,
  jobs: JobRunner,
  plugins: Pick<Plugins, 'find'>,
  settings: Pick<Settings, 'writesScratch'>,
): Runs {
  /** Masks are asked for at every keystroke of the form; an opened data set's values do not change. */
  const inputs = createCache<string, InputArray>(keptInputBytes, ({ data }) => data.byteLength);
  const reading = new Map<string, Promise<InputArray>>();
  /** Data that are not there any more, as a result keeps them that was made with them. */
  const givenOf = async (id: string): Promise<InputArray | null> => {
    const state = project().state();
    if (state.datasets.some((one) => one.id === id && one.missing === null)) return null;
    for (const record of state.results) {
      const param = Object.keys(record.given ?? {}).find((name) => record.parameters[name] === id);
      if (param === undefined) continue;
      return inputOfGiven(await results.array(project().store().resultFolder(record.id), record, givenName(param)));
    }
    return null;
  };

  const arrayOf = async (id: string): Promise<InputArray> => {
    const record = project()
      .state()
      .results.find((one) => one.id === id);
    if (record === undefined) return (await givenOf(id)) ?? loadInputArray(pool, datasets.signal(id));
    const found = signalOfResult((await readParent(record)).arrays, record);
    if (found !== null) return found;
    throw new EigenscopeError('bad-request', `${record.name} has no values per pixel.`);
  };
  const inputOf = async (id: string): Promise<InputArray> => {
    const known = inputs.get(id);
    if (known !== undefined) return known;
    const begun = reading.get(id) ?? arrayOf(id).finally(() => reading.delete(id));
    reading.set(id, begun);
    const read = await begun;
    inputs.put(id, read);
    return read;
  };

  const inputsOf = async (
    spec: AlgorithmSpec,
    values: Record<string, unknown>,
  ): Promise<Record<string, InputArray>> => {
    const found: Record<string, InputArray> = {};
    for (const [param, id] of namedInputs(spec, values)) found[param] = await inputOf(id);
    return found;
  };

  /** A kept result with all it was computed from, read back for an operation on it. */
  const readParent = async (record: ResultRecord): Promise<ParentResult> => {
    const folder = project().store().resultFolder(record.id);
    const arrays: AlgorithmOutput['arrays'] = {};
    for (const key of Object.keys(record.arrays)) arrays[key] = await results.array(folder, record, key);
    const { operation, algorithm, parameters, scalars } = record;
    const read = { arrays, scalars, notes: [...record.notes], operation, algorithm, parameters };
    return record.parent === null ? read : { ...read, parent: await readParent(project().result(record.parent)) };
  };

  /** A result and what it was computed from, back to the data. */
  const lineageOf = (id: string | null): ResultRecord[] => {
    if (id === null) return [];
    const record = project().result(id);
    return [record, ...lineageOf(record.parent)];
  };

  /** What a run takes of other files than that of its data. */
  const givenTo = (
    dataset: string,
    spec: AlgorithmSpec,
    values: Record<string, unknown>,
    inputs: Readonly<Record<string, InputArray>>,
  ): NamedArray[] => {
    const { datasets: open, results: made } = project().state();
    const { file } = datasets.summary(dataset);
    return namedInputs(spec, values).flatMap(([param, id]): NamedArray[] => {
      const array = inputs[param];
      const source = open.find((one) => one.id === id);
      if (array === undefined || source?.file === file || made.some((one) => one.id === id)) return [];
      return [{ param, name: source?.name ?? param, array }];
    });
  };

  const examine = async (asked: Asked) => {
    const { spec, parameters } = resolveStep(asked.operation, asked.algorithm, asked.parameters);
    const { axes, dtype } = datasets.signal(asked.dataset);
    const plain = findProblems(spec, parameters, null);
    const inputs = plain.problems.length === 0 ? await inputsOf(spec, plain.values) : {};
    const whole = { samples: sampleCount(axes), features: featureCount(axes), dtype };
    const shape = keptShape(whole, inputs);
    const { values, problems } = findProblems(spec, parameters, shape);
    const ofParent = parentLimits(spec, values, lineageOf(asked.parent));
    // narrower bounds than those of the data, and what they forbid in the place of what these do
    const kept = problems.filter(({ param }) => !ofParent.problems.some((one) => one.param === param));
    const limits = { ...spec.limits(shape, values as never), ...ofParent.limits };
    return { spec, inputs, whole, shape, values, limits, problems: [...kept, ...ofParent.problems] };
  };

  const scratchBytesOf = (id: string, room: number, { data }: Admission, { bytes, fileBytes = 0 }: Estimate) =>
    datasets.scratchBytes(id, data, room - bytes + fileBytes);

  /** What a scratch file would be written for before a run, where nobody has agreed to it. */
  const needsConsent = (name: string, bytes: number): EigenscopeError =>
    new EigenscopeError(
      'needs-consent',
      `The rows of “${name}” do not lie together in their file, and the data do not fit into memory beside this run. They can be put in order in a scratch file of ${sizeText(bytes)} first, which is removed when Eigenscope is closed. Allow that, allow more memory, or crop or bin the data.`,
      { bytes },
    );

  return {
    async check(asked) {
      const { spec, shape, values, limits, problems } = await examine(asked);
      const valid = problems.length === 0;
      const estimate = valid ? spec.estimate(shape, values as never, platform.threads) : { bytes: 0, seconds: 0 };
      const { room, admission } = datasets.admission(asked.dataset, estimate);
      if (admission === null) {
        problems.push({ param: null, message: doesNotFit('This', estimate, room, memory).message });
      }
      let scratchBytes = 0;
      if (admission !== null && valid) {
        try {
          scratchBytes = await scratchBytesOf(asked.dataset, room, admission, estimate);
        } catch (error) {
          if (!(error instanceof EigenscopeError)) throw error;
          problems.push({ param: null, message: error.message });
        }
      }
      const bytes = admission?.rows === 'file' ? estimate.bytes - (estimate.fileBytes ?? 0) : estimate.bytes;
      const { seconds } = estimate;
      const freeBytes = room;
      return {
        problems,
        limits,
        bytes,
        freeBytes,
        scratchBytes,
        seconds,
        samples: shape.samples,
        features: shape.features,
      };
    },

    async start(asked) {
      const reason = project().state().readOnly;
      if (reason !== null) throw new EigenscopeError('locked', reason);
      const { spec, inputs, whole, shape, values, problems } = await examine(asked);
      requireNoProblems(problems);
      const estimate = spec.estimate(shape, values as never, platform.threads);
      const now = datasets.admission(asked.dataset, estimate);
      if (now.admission === null) throw doesNotFit(spec.title, estimate, now.room, memory);
      const mayWrite = asked.mayWrite === true || settings.writesScratch();
      if (!mayWrite) {
        const bytes = await scratchBytesOf(asked.dataset, now.room, now.admission, estimate);
        if (bytes > 0) throw needsConsent(datasets.summary(asked.dataset).name, bytes);
      }
      const { axes } = datasets.signal(asked.dataset);
      const parent = asked.parent === null ? null : project().result(asked.parent);
      const name = asked.name ?? spec.title;
      const algorithm = takesAlgorithm(asked.operation) ? spec.id : null;
      const { given, arrays: givenArrays, notes } = keepGiven(givenTo(asked.dataset, spec, values, inputs));
      const work = createWorkFolders();
      let source: RowSource | null = null;
      const id = jobs.start({
        name,
        dataset: asked.dataset,
        algorithm: spec.id,
        spec,
        async prepare(begin, cancelled) {
          pool.warmUp([spec.family]);
          const parentOutput = parent === null ? null : await readParent(parent);
          // Other data may have been opened while this run waited for its turn.
          const { room, admission } = datasets.admission(asked.dataset, estimate);
          if (admission === null) throw doesNotFit(spec.title, estimate, room, memory);
          const fileBytes = estimate.fileBytes ?? 0;
          const forData = room - estimate.bytes + fileBytes;
          const rows = datasets.rows(asked.dataset, admission.data, forData, (_, control) => {
            if (!mayWrite) {
              const { name: data, bytes } = datasets.summary(asked.dataset);
              throw needsConsent(data, bytes);
            }
            begin('Writing the scratch file', control);
          });
          // data that are loaded are loaded for the window too: that goes on
          source = await Promise.race([rows, whenCancelled(cancelled)]);
          const rowFolder = admission.rows === 'file' ? await work.folder(project().store().folder) : null;
          if (rowFolder !== null) await requireDisk(rowFolder, fileBytes, 'The result');
          return {
            operation: asked.operation,
            algorithm,
            rowFolder,
            mostBytes: room,
            input: assembleInput(source, axes, inputs, parentOutput),
            values,
            seed: asked.seed,
            plugin: await plugins.find(pluginNeeded(spec, values)),
          };
        },
        async finish(output, seconds) {
          if (source !== null) await requireUnchanged(source);
          for (const file of Object.values(output.files ?? {})) await sealRowFile(file);
          const record: ResultRecord = {
            id: `result-${randomUUID().slice(0, 8)}`,
            kind: kindOf(spec),
            operation: asked.operation,
            name,
            dataset: asked.dataset,
            parent: asked.parent,
            algorithm,
            parameters: values,
            seed: asked.seed,
            version: platform.version,
            made: new Date().toISOString(),
            seconds,
            scalars: { ...leftOut(whole, shape), ...output.scalars },
            arrays: Object.fromEntries(
              Object.entries({ ...output.arrays, ...output.files }).map(([key, { dtype, shape: s }]) => [
                key,
                { dtype, shape: s },
              ]),
            ),
            ...given,
            notes: [...output.notes, ...notes],
            axes,
            starred: false,
          };
          await project().addResult(record, { ...output, arrays: { ...output.arrays, ...givenArrays } });
          return record.id;
        },
        async end() {
          await work.remove();
        },
      });
      return { job: id };
    },
  };
}
