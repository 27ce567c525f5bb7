import { randomUUID } from 'node:crypto';
import type { InputArray } from '../../workers/job.ts';
import type { AlgorithmOutput, ResultRecord } from '../../workers/model/result.ts';
import { featureCount, sampleCount } from '../../workers/model/signal.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { resolveStep, takesAlgorithm } from '../../workers/specs/registry.ts';
import type { Params, Result } from '../contract/methods.ts';
import type { Platform } from '../platform.ts';
import type { DatasetStore } from './dataset-store.ts';
import type { JobRunner } from './job-runner.ts';
import { loadInputArray } from './load-input.ts';
import type { Pool } from './pool.ts';
import { assembleInput, findProblems, keptShape, leftOut, namedInputs, requireNoProblems } from './prepare-run.ts';
import type { Project } from './project.ts';
import { kindOf } from './result-kind.ts';
import type { ResultStore } from './result-store.ts';

type Asked = Params<'job.check'>;

export interface Runs {
  check(asked: Asked): Promise<Result<'job.check'>>;
  start(asked: Params<'job.start'>): Promise<Result<'job.start'>>;
}

/** Runs as the window asks for them: on data sets and results of the open project. */
export function createRuns(
  platform: Platform,
  pool: Pool,
  datasets: DatasetStore,
  results: ResultStore,
  project: () => Project,
  jobs: JobRunner,
): Runs {
  /** Masks are asked for at every keystroke of the form; an opened data set's values do not change. */
  const masks = new Map<string, Promise<InputArray>>();
  const inputOf = (id: string): Promise<InputArray> => {
    const known = masks.get(id) ?? loadInputArray(pool, datasets.signal(id));
    masks.set(id, known);
    known.catch(() => masks.delete(id));
    return known;
  };

  const inputsOf = async (
    spec: AlgorithmSpec,
    values: Record<string, unknown>,
  ): Promise<Record<string, InputArray>> => {
    const found: Record<string, InputArray> = {};
    for (const [param, id] of namedInputs(spec, values)) found[param] = await inputOf(id);
    return found;
  };

  const examine = async (asked: Asked) => {
    const { spec, parameters } = resolveStep(asked.operation, asked.algorithm, asked.parameters);
    const { axes, dtype } = datasets.signal(asked.dataset);
    const plain = findProblems(spec, parameters, null);
    const inputs = plain.problems.length === 0 ? await inputsOf(spec, plain.values) : {};
    const whole = { samples: sampleCount(axes), features: featureCount(axes), dtype };
    const shape = keptShape(whole, inputs);
    const { values, problems } = findProblems(spec, parameters, shape);
    return { spec, inputs, whole, shape, values, problems };
  };

  return {
    async check(asked) {
      const { spec, shape, values, problems } = await examine(asked);
      const freeBytes = platform.freeMemory();
      const valid = problems.length === 0;
      const { bytes, seconds } = valid
        ? spec.estimate(shape, values as never, platform.threads)
        : { bytes: 0, seconds: 0 };
      if (bytes > freeBytes) {
        problems.push({
          param: null,
          message: `This needs about ${Math.ceil(bytes / 2 ** 20)} MiB and ${Math.floor(freeBytes / 2 ** 20)} MiB are free. Ask for fewer components, or crop or bin the data.`,
        });
      }
      return {
        problems,
        limits: spec.limits(shape, values as never),
        bytes,
        freeBytes,
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
      const { bytes } = spec.estimate(shape, values as never, platform.threads);
      if (bytes > platform.freeMemory()) {
        throw new EigenscopeError(
          'out-of-memory',
          `${spec.title} needs about ${Math.ceil(bytes / 2 ** 20)} MiB and ${Math.floor(platform.freeMemory() / 2 ** 20)} MiB are free. Ask for fewer components, or crop or bin the data.`,
        );
      }
      const { axes } = datasets.signal(asked.dataset);
      const parent = asked.parent === null ? null : project().result(asked.parent);
      const name = asked.name ?? spec.title;
      const algorithm = takesAlgorithm(asked.operation) ? spec.id : null;
      const id = jobs.start({
        name,
        dataset: asked.dataset,
        algorithm: spec.id,
        spec,
        async prepare() {
          pool.warmUp();
          let parentOutput = null;
          if (parent !== null) {
            const folder = project().store().resultFolder(parent.id);
            const arrays: AlgorithmOutput['arrays'] = {};
            for (const key of Object.keys(parent.arrays)) arrays[key] = await results.array(folder, parent, key);
            parentOutput = {
              arrays,
              scalars: parent.scalars,
              notes: [...parent.notes],
              parameters: parent.parameters,
              algorithm: parent.algorithm,
            };
          }
          return {
            operation: asked.operation,
            algorithm,
            input: assembleInput(await datasets.rows(asked.dataset), axes, inputs, parentOutput),
            values,
            seed: asked.seed,
          };
        },
        async finish(output, seconds) {
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
            scalars: { ...output.scalars, ...leftOut(whole, shape) },
            arrays: Object.fromEntries(
              Object.entries(output.arrays).map(([key, { dtype, shape: s }]) => [key, { dtype, shape: s }]),
            ),
            notes: output.notes,
            axes,
            starred: false,
          };
          await project().addResult(record, output);
          return record.id;
        },
      });
      return { job: id };
    },
  };
}
