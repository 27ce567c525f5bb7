import { randomUUID } from 'node:crypto';
import { createControlBlock, requestStop } from '../../workers/control.ts';
import { axisValue, type Axis } from '../../workers/model/axes.ts';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { Metadata, SignalHeader } from '../../workers/model/signal.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import { nearestIndex } from '../../workers/algorithms/preprocess/pipeline/axis-of.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { algorithmById } from '../../workers/specs/registry.ts';
import type { Params, Result } from '../contract/methods.ts';
import type { DataOrigin, MaskOrigin, NamedOrigin, PreparationStep, SessionDataset } from '../contract/session.ts';
import type { ArrayServer } from './array-server.ts';
import type { DatasetStore } from './dataset-store.ts';
import { holdValues, packMeasured, runsOf, signalOfMask } from './derivation.ts';
import type { MaskResult } from './mask-result.ts';
import type { Pool } from './pool.ts';
import { findProblems, type Problem } from './prepare-run.ts';
import type { Project } from './project.ts';
import type { ResultStore } from './result-store.ts';

type Asked = Params<'prepare.check'>;
type ControlBlock = ReturnType<typeof createControlBlock>;

/** Steps that make data of data, as the window asks for them. */
export interface Preparations {
  check(asked: Asked): Promise<Result<'prepare.check'>>;
  preview(asked: Params<'prepare.preview'>): Promise<Result<'prepare.preview'>>;
  /**
   * The data set that the step makes, not yet in the project.
   * @param mask one that the step names though it is not in the project yet either
   */
  make(asked: Params<'prepare.apply'>, mask?: MaskResult): Promise<SessionDataset>;
}

/** @throws EigenscopeError `unknown-operation` */
export function preparationSpec(operation: string): AlgorithmSpec {
  const spec = algorithmById(operation);
  if (spec?.family === 'preprocess') return spec;
  throw new EigenscopeError('unknown-operation', `There is no preparation step “${operation}”.`, { operation });
}

/** The parameters that name signals, with what they name. */
export function namedSignals(
  spec: AlgorithmSpec,
  values: Readonly<Record<string, unknown>>,
): [param: string, ids: string[]][] {
  return Object.entries(spec.params).flatMap(([name, { kind }]): [string, string[]][] => {
    const value = values[name];
    if (kind === 'inputs' && Array.isArray(value)) return [[name, value as string[]]];
    return kind === 'input' && typeof value === 'string' ? [[name, [value]]] : [];
  });
}

/** The steps that made a data set; axes that a person set after the last one belong to it. */
export function stepsOf({ derivation, axes }: SessionDataset): readonly PreparationStep[] {
  const last = derivation?.steps.at(-1);
  if (derivation === undefined || last === undefined) return [];
  if (JSON.stringify(axes) === JSON.stringify(derivation.made)) return derivation.steps;
  return [...derivation.steps.slice(0, -1), { ...last, axes }];
}

/** The same place in data whose axes were changed: by the coordinate on the axis of the same name. */
function samePlace(from: readonly Axis[], at: readonly number[], to: readonly Axis[]): number[] {
  return to.map((axis) => {
    const index = from.findIndex(({ name }) => name === axis.name);
    return index < 0 ? Math.floor(axis.size / 2) : nearestIndex(axis, axisValue(from[index]!, at[index]!));
  });
}

export function createPreparations(
  pool: Pool,
  arrays: ArrayServer,
  datasets: DatasetStore,
  results: ResultStore,
  project: () => Project,
): Preparations {
  const datasetOf = (id: string): SessionDataset | undefined =>
    project()
      .store()
      .timeline()
      .session.datasets.find((dataset) => dataset.id === id);

  /** What a data set is made of, in full. */
  const originOf = (dataset: SessionDataset): DataOrigin => {
    const { file, fileBytes, fileModified, signal, hints, derivation, axes } = dataset;
    const source = { file, fileBytes, fileModified, signal, hints };
    if (derivation === undefined) return { ...source, axes, steps: [] };
    return { ...source, axes: derivation.axes, steps: stepsOf(dataset) };
  };

  const inputOf = async (id: string, made?: MaskResult): Promise<{ origin: NamedOrigin; signal: SignalHeader }> => {
    const dataset = datasetOf(id);
    if (dataset !== undefined) return { origin: originOf(dataset), signal: datasets.signal(id) };
    const isMade = made?.record.id === id;
    const record = isMade ? made.record : project().result(id);
    if (record.arrays['navigation_mask'] === undefined) {
      throw new EigenscopeError('bad-request', `${record.name} is neither data nor a mask.`, { id });
    }
    const { shape, data } = isMade
      ? made.output.arrays['navigation_mask']!
      : await results.array(project().store().resultFolder(id), record, 'navigation_mask');
    const origin: MaskOrigin = { name: record.name, shape, runs: runsOf(data) };
    return { origin, signal: signalOfMask(origin) };
  };

  const examine = (asked: Asked) => {
    const spec = preparationSpec(asked.operation);
    return { spec, ...findProblems(spec, asked.parameters, null) };
  };

  /** The signal after the step, and the step as the session keeps it. */
  const derive = async (
    asked: Asked,
    spec: AlgorithmSpec,
    values: Record<string, unknown>,
    measure: boolean,
    control: ControlBlock,
    mask?: MaskResult,
  ) => {
    const inputs: Record<string, SignalHeader[]> = {};
    const origins: Record<string, NamedOrigin[]> = {};
    for (const [param, ids] of namedSignals(spec, values)) {
      const found = await Promise.all(ids.map((id) => inputOf(id, mask)));
      inputs[param] = found.map(({ signal }) => signal);
      origins[param] = found.map(({ origin }) => origin);
    }
    const signal = await pool.run('derive', {
      derivation: {
        operation: asked.operation,
        values: values as Metadata,
        signal: datasets.signal(asked.dataset),
        inputs,
        measured: null,
      },
      measure,
      control,
    });
    const measured = signal.layout.kind === 'derived' ? packMeasured(signal.layout.measured) : {};
    const step: PreparationStep = {
      operation: asked.operation,
      values: values as Metadata,
      inputs: origins,
      measured,
    };
    return { signal, step };
  };

  /**
   * A form asks again with every keystroke and at every place: what was measured is kept for the last question, and what
   * is measured for an earlier one is given up, unless its step is being applied.
   */
  let last: { key: string; control: ControlBlock; isApplied: boolean; made: ReturnType<typeof derive> } | null = null;
  const deriveOnce = (
    asked: Asked,
    spec: AlgorithmSpec,
    values: Record<string, unknown>,
    isApplied: boolean,
    mask?: MaskResult,
  ) => {
    const { axes } = datasets.summary(asked.dataset);
    const key = JSON.stringify([asked.dataset, asked.operation, values, axes]);
    if (last?.key !== key) {
      if (last?.isApplied === false) requestStop(last.control, 'cancel');
      const control = createControlBlock();
      const made = derive(asked, spec, values, true, control, mask);
      last = { key, control, isApplied, made };
      made.catch(() => {
        if (last?.made === made) last = null;
      });
    }
    last.isApplied ||= isApplied;
    return last.made;
  };

  /** The step with the values of small arrays that come from other files than the data. */
  const holdArrays = async (step: PreparationStep, spec: AlgorithmSpec, file: string): Promise<PreparationStep> => {
    const inputs = { ...step.inputs };
    for (const [param, ids] of namedSignals(spec, step.values)) {
      const source = ids.length === 1 ? datasetOf(ids[0]!) : undefined;
      if (spec.params[param]?.kind !== 'input' || source === undefined || source.file === file) continue;
      const held = await holdValues(pool, source.name, datasets.signal(source.id));
      if (held !== null) inputs[param] = [held];
    }
    return { ...step, inputs };
  };

  const requireGood = (problems: readonly Problem[]): void => {
    const first = problems[0];
    if (first !== undefined) {
      throw new EigenscopeError('parameter-out-of-range', first.message, { param: first.param ?? '' });
    }
  };

  return {
    async check(asked) {
      const { spec, values, problems } = examine(asked);
      if (problems.length > 0) return { problems, outcome: null };
      try {
        const { signal } = await derive(asked, spec, values, false, createControlBlock());
        const { shape, dtype, axes } = signal;
        return { problems, outcome: { shape, dtype, axes, bytes: elementCount(shape) * itemSize(dtype) } };
      } catch (error) {
        if (!(error instanceof EigenscopeError)) throw error;
        const param = error.details['param'];
        return {
          problems: [{ param: typeof param === 'string' && param !== '' ? param : null, message: error.message }],
          outcome: null,
        };
      }
    },

    async preview(asked) {
      const { spec, values, problems } = examine(asked);
      requireGood(problems);
      const from = datasets.signal(asked.dataset);
      const { signal } = await deriveOnce(asked, spec, values, false);
      const at = samePlace(navigationAxes(from.axes), asked.at, navigationAxes(signal.axes));
      const spectrumOf = (
        place: Parameters<typeof pool.run<'boxSpectrum'>>[1]['place'],
        index: readonly number[],
        axes: readonly Axis[],
      ) =>
        pool.run('boxSpectrum', {
          place,
          box: { first: index, end: index.map((i) => i + 1), reduce: 'sum' },
          navigation: navigationAxes(axes).map(({ size }) => size),
        });
      const before = await spectrumOf(datasets.place(asked.dataset), asked.at, from.axes);
      const after = await spectrumOf({ signal }, at, signal.axes);
      const shapeOf = (axes: readonly Axis[]) => signalAxes(axes).map(({ size }) => size);
      return {
        axes: signal.axes,
        quantity: signal.quantity,
        at,
        before: arrays.offer('float64', shapeOf(from.axes), before),
        after: arrays.offer('float64', shapeOf(signal.axes), after),
      };
    },

    async make(asked, mask) {
      const { spec, values, problems } = examine(asked);
      requireGood(problems);
      const parent = datasetOf(asked.dataset);
      if (parent === undefined) {
        throw new EigenscopeError('not-found', `There is no data set “${asked.dataset}” in this project any more.`);
      }
      const made = await deriveOnce(asked, spec, values, true, mask);
      const { signal } = made;
      const step = await holdArrays(made.step, spec, parent.file);
      const { axes, steps } = originOf(parent);
      const { title, signalType, shape, dtype, quantity } = signal;
      return {
        ...parent,
        id: `data-${randomUUID().slice(0, 8)}`,
        name: asked.name ?? `${parent.name}, ${spec.title.toLowerCase()}`,
        derivation: { of: parent.id, axes: axes ?? parent.axes, steps: [...steps, step], made: signal.axes },
        title,
        signalType,
        shape,
        dtype,
        axes: signal.axes,
        quantity,
      };
    },
  };
}
