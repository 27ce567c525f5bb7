import type { Job } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { columnsOf, gatherPass } from '../dictionary/gather-columns.ts';
import type { BatchStream } from './stream.ts';

/** The channel maps of mini-batches, read from the data some batches ahead. */
export interface BatchReader {
  /** Maps of the batch of this step, one array of pixels for each channel. */
  read(step: number): Promise<Float64Array[]>;
}

/** Values held at a time, 64 MiB: one look at the data then serves many mini-batches. */
const mostValues = 2 ** 23;

export function createBatchReader(view: MatrixView, stream: BatchStream, job: Job, phase: number): BatchReader {
  const { rows: pixels } = viewShape(view);
  const ready = new Map<number, Float64Array[]>();
  const most = Math.max(1, Math.floor(mostValues / pixels));

  async function load(first: number): Promise<void> {
    ready.clear();
    const channels: number[] = [];
    const ends: number[] = [];
    for (let step = first; ; step++) {
      const batch = stream.batch(step);
      if (ends.length > 0 && (channels.length + batch.length > most || ends.length >= stream.perRound)) break;
      channels.push(...batch);
      ends.push(channels.length);
    }
    const count = channels.length;
    const values = job.allocate(pixels * count);
    await job.run(gatherPass, columnsOf(view, Int32Array.from(channels), job), { out: values }, phase);
    const maps = channels.map((_, c) => Float64Array.from({ length: pixels }, (__, i) => values[i * count + c]!));
    ends.forEach((end, i) => ready.set(first + i, maps.slice(i === 0 ? 0 : ends[i - 1]!, end)));
  }

  return {
    async read(step) {
      if (!ready.has(step)) await load(step);
      return ready.get(step)!;
    },
  };
}
