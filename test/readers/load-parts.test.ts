import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { loadCube, openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { temporaryFiles } from './builders/temporary.ts';
import { placeSeed } from './fuzz/place.ts';
import { allSeeds } from './seeds.ts';

/* Threads load one signal together: whatever the format, the parts make up what one thread loads. */

const { folder } = temporaryFiles();

const bytesOf = (signal: SignalHeader): number => elementCount(signal.shape) * itemSize(signal.dtype);

async function load(signal: SignalHeader, cuts: readonly number[]): Promise<Buffer> {
  const buffer = new SharedArrayBuffer(bytesOf(signal));
  const ends = [...cuts, signal.shape[0] ?? 1];
  let first = 0;
  // the last part first: none may count on the one before
  const parts = ends.map((end) => {
    const part = [first, end] as const;
    first = end;
    return part;
  });
  for (const part of parts.toReversed()) {
    await loadCube(
      signal,
      buffer,
      () => {},
      () => {},
      part,
    );
  }
  return Buffer.from(buffer);
}

describe.each(allSeeds.map((seed, i) => [seed.name, seed, i] as const))('%s', (_, seed, i) => {
  it('is the same whether one or several threads load it, and read by block', async () => {
    const { signals } = await openHeader(placeSeed(join(folder, String(i)), Object.entries(seed.files)));
    for (const signal of signals) {
      const whole = await load(signal, []);
      const slow = signal.shape[0] ?? 1;
      expect(await load(signal, [Math.floor(slow / 3), Math.floor((2 * slow) / 3)])).toEqual(whole);
      expect(await load(signal, [Math.floor(slow / 2)])).toEqual(whole);
      if (signal.axes.some((axis, k) => axis.navigate && signal.axes.slice(0, k).some((one) => !one.navigate)))
        continue;
      const pixels = await openPixels(signal);
      try {
        const rows = new Uint8Array(whole.length);
        const size = whole.length / slow;
        for (let row = slow - 1; row >= 0; row--) {
          const start = signal.shape.map((__, axis) => (axis === 0 ? row : 0));
          const count = signal.shape.map((n, axis) => (axis === 0 ? 1 : n));
          pixels.readInto(rows.subarray(row * size, (row + 1) * size), start, count);
        }
        expect(Buffer.compare(Buffer.from(rows), whole)).toBe(0);
      } finally {
        pixels.close();
      }
    }
  });
});
