import type { Random } from '../../../linalg/random.ts';

/** Mini-batches of channels for ever: all channels in one order, again and again; the last batch of a round may be short. */
export interface BatchStream {
  /** batches in a round over all channels */
  perRound: number;
  batch(step: number): Int32Array;
}

export function createBatchStream(channels: number, size: number, random: Random | null): BatchStream {
  const order = random ? random.permutation(channels) : Int32Array.from({ length: channels }, (_, j) => j);
  const perRound = Math.ceil(channels / size);
  return {
    perRound,
    batch(step) {
      const start = (step % perRound) * size;
      return order.subarray(start, Math.min(channels, start + size));
    },
  };
}
