import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cubeOverview } from '../../main/services/overview.ts';
import { createPool, type Pool } from '../../main/services/pool.ts';
import type { RowSource } from '../../workers/model/rows.ts';

const root = resolve(import.meta.dirname, '../..');
const pools: Pool[] = [];
const poolOf = (threads: number): Pool => {
  const workerFile = resolve(root, 'workers/entry.ts');
  const pool = createPool({ workerFile, pluginFile: workerFile, threads, host: 'electron' });
  pools.push(pool);
  return pool;
};
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

/** 24 MiB, enough for several parts; sample 70 has no numbers, sample 71 half of them, channel 5 lacks one more. */
const [samples, features] = [3000, 1024];
const source: Extract<RowSource, { kind: 'shared' }> = {
  kind: 'shared',
  buffer: new SharedArrayBuffer(samples * features * 8),
  dtype: 'float64',
  samples,
  features,
};
const values = new Float64Array(source.buffer);
values.forEach((_, i) => (values[i] = ((i * 7919) % 1000) / 7 - 40));
values.fill(NaN, 70 * features, 71 * features);
for (let j = 0; j < features; j += 2) values[71 * features + j] = NaN;
values[2000 * features + 5] = NaN;

describe('the overview of a cube in memory', () => {
  it('sums what are numbers, by sample and by channel', async () => {
    const { image, spectrum, complete } = await cubeOverview(poolOf(2), source);
    expect(complete).toBe(true);
    expect([image.length, spectrum.length]).toEqual([samples, features]);
    const sums = new Float64Array(features);
    const counts = new Float64Array(features);
    for (let i = 0; i < samples; i++) {
      let total = 0;
      let present = 0;
      for (let j = 0; j < features; j++) {
        const value = values[i * features + j]!;
        if (Number.isNaN(value)) continue;
        total += value;
        present += 1;
        sums[j]! += value;
        counts[j]! += 1;
      }
      if (present > 0) expect(Math.abs(image[i]! - total)).toBeLessThan(1e-8);
      else expect(image[i]).toBeNaN();
    }
    expect(image[70]).toBeNaN();
    expect([counts[4], counts[5], counts[7]]).toEqual([samples - 2, samples - 2, samples - 1]);
    spectrum.forEach((mean, j) => expect(Math.abs(mean - sums[j]! / counts[j]!)).toBeLessThan(1e-10));
  });

  it('has the same bits whatever the number of threads', async () => {
    const [one, three] = [await cubeOverview(poolOf(1), source), await cubeOverview(poolOf(3), source)];
    expect(one.spectrum).toEqual(three.spectrum);
    expect(one.image).toEqual(three.image);
  });

  it('is NaN for a channel without a number', async () => {
    const two = { ...source, buffer: new SharedArrayBuffer(4 * 8), samples: 2, features: 2 };
    new Float64Array(two.buffer).set([1, NaN, 3, NaN]);
    const { image, spectrum } = await cubeOverview(pools[0]!, two);
    expect([...image]).toEqual([1, 3]);
    expect([...spectrum]).toEqual([2, NaN]);
  });
});
