import { createControlBlock, requestStop } from '../../workers/control.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { featureCount, navigationAxes, sampleCount, signalAxes } from '../../workers/model/signal.ts';
import { channelsOf, maskOfSums, type Values } from '../../workers/algorithms/features/threshold_mask/mask-of-sums.ts';
import { thresholdMask } from '../../workers/algorithms/features/threshold_mask/spec.ts';
import type { ArrayRef, Params, Result } from '../contract/methods.ts';
import type { ArrayServer } from './array-server.ts';
import type { DatasetStore } from './dataset-store.ts';
import { doesNotFit, sizeText, type Memory } from './memory.ts';
import { requireUnchanged } from './open-rows.ts';
import type { Pool } from './pool.ts';
import { findProblems, requireNoProblems } from './prepare-run.ts';

type Asked = Params<'prepare.mask'>;

/** Masks by threshold while their form is filled in: the sums are taken once, each threshold parts them anew. */
export interface MaskPreviews {
  /**
   * @throws EigenscopeError what the run would refuse; `cancelled` when other sums are asked for or `stop` was called;
   *   `busy` for rows that the run would have to write in order first
   */
  preview(asked: Asked): Promise<Result<'prepare.mask'>>;
  /** Gives up what is being added up: a run needs the threads, or nobody looks. */
  stop(): void;
}

interface Sums {
  key: string;
  control: Int32Array<SharedArrayBuffer>;
  rowSums: Promise<Float64Array>;
  isDone: boolean;
  /** as the window was told of them */
  offered: ArrayRef | null;
}

export function createMaskPreviews(
  pool: Pool,
  arrays: ArrayServer,
  datasets: DatasetStore,
  memory: Memory,
  threads: number,
): MaskPreviews {
  let last: Sums | null = null;

  const stop = (): void => {
    if (last === null || last.isDone) return;
    requestStop(last.control, 'cancel');
    last = null;
  };

  const addUp = async (
    { dataset }: Asked,
    values: Values,
    control: Int32Array<SharedArrayBuffer>,
  ): Promise<Float64Array> => {
    const { axes, dtype } = datasets.signal(dataset);
    const signalShape = signalAxes(axes).map(({ size }) => size);
    const channels = channelsOf({ axes: [...navigationAxes(axes), ...signalAxes(axes)], signalShape }, values);
    const shape = { samples: sampleCount(axes), features: featureCount(axes), dtype };
    const estimate = thresholdMask.estimate(shape, values as never, threads);
    const { room, admission } = datasets.admission(dataset, estimate);
    if (admission === null) throw doesNotFit(thresholdMask.title, estimate, room, memory);
    const forData = room - estimate.bytes;
    const scratchBytes = await datasets.scratchBytes(dataset, admission.data, forData);
    if (scratchBytes > 0) {
      throw new EigenscopeError(
        'busy',
        `There is no preview of these data: ${sizeText(scratchBytes)} would have to be written in order first. Apply does that and makes the mask.`,
        { bytes: scratchBytes },
      );
    }
    // nothing is written in order, so that there is no such stage
    const source = await datasets.rows(dataset, admission.data, forData, () => {});
    const rowSums = new Float64Array(new SharedArrayBuffer(8 * shape.samples));
    await pool.run('rowSums', { source, channels, rowSums, control });
    await requireUnchanged(source);
    return rowSums;
  };

  const sumsFor = (asked: Asked, values: Values): Sums => {
    const { axes } = datasets.signal(asked.dataset);
    const key = JSON.stringify([asked.dataset, values.start, values.end, axes]);
    if (last?.key === key) return last;
    stop();
    const control = createControlBlock();
    const made: Sums = { key, control, rowSums: addUp(asked, values, control), isDone: false, offered: null };
    made.rowSums.then(
      () => (made.isDone = true),
      () => {
        if (last === made) last = null;
      },
    );
    last = made;
    return made;
  };

  return {
    stop,
    async preview(asked) {
      if (asked.operation !== thresholdMask.id) {
        throw new EigenscopeError('unknown-operation', `“${asked.operation}” does not make a mask by threshold.`);
      }
      const { values, problems } = findProblems(thresholdMask, asked.parameters, null);
      requireNoProblems(problems);
      const shape = navigationAxes(datasets.signal(asked.dataset).axes).map(({ size }) => size);
      const sums = sumsFor(asked, values as Values);
      const rowSums = await sums.rowSums;
      const { mask, masked, threshold } = maskOfSums(rowSums, values as Values);
      const isKept = sums.offered !== null && arrays.get(sums.offered.url.replace(/^view\//, '')) !== null;
      if (!isKept) sums.offered = arrays.offer('float64', shape, rowSums);
      return {
        sums: sums.offered!,
        mask: arrays.offer('bool', shape, mask),
        masked,
        threshold: Number.isFinite(threshold) ? threshold : null,
      };
    },
  };
}
