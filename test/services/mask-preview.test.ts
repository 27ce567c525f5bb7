import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../main/io/npy-writer.ts';
import type { DatasetId, ResultId } from '../../main/contract/methods.ts';
import { startTestApp, type TestApp } from './harness.ts';

const [rows, columns, channels] = [6, 8, 10];

/** Vacuum at the left, a film at the right; one pixel without a value. Sums that no order of adding leaves alike. */
const valueAt = (pixel: number, channel: number): number =>
  pixel === 11 && channel === 3
    ? Number.NaN
    : (pixel % columns < 3 ? 0.1 : 7.3) + 0.001 * ((pixel * 31 + channel * 17) % 23);

describe('the preview of a mask by threshold', () => {
  let folder: string;
  let test: TestApp;
  let dataset: DatasetId;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eigenscope-threshold-'));
    const data = Float32Array.from({ length: rows * columns * channels }, (_, i) =>
      valueAt(Math.floor(i / channels), i % channels),
    );
    await writeNpy(join(folder, 'film.npy'), 'float32', [rows, columns, channels], data, { overwrite: true });
    test = await startTestApp();
    dataset = (await test.call('dataset.open', { path: join(folder, 'film.npy') })).opened[0]!.summary.id;
  });
  afterAll(async () => {
    await test.close();
    await rm(folder, { recursive: true, force: true });
  });

  type Values = Record<string, string | number | null>;
  const ask = (parameters: Values) => test.call('prepare.mask', { dataset, operation: 'threshold_mask', parameters });
  const bytes = async (url: string): Promise<Uint8Array> => (await test.app.array(url))!.bytes.slice();
  const maskOf = async (parameters: Values): Promise<number[]> => [...(await bytes((await ask(parameters)).mask.url))];
  /** What the run makes of it. */
  const made = async (parameters: Values): Promise<number[]> => {
    const base = { dataset, operation: 'threshold_mask', algorithm: null, parent: null, seed: 0, name: null };
    const state = await test.ended((await test.call('job.start', { ...base, parameters })).job);
    expect(state.error).toBeNull();
    const ref = await test.call('result.array', {
      result: state.result as ResultId,
      name: 'navigation_mask',
      columns: null,
    });
    return [...(await bytes(ref.url))];
  };

  it('is the mask that the run makes, for each way to find the threshold', async () => {
    for (const parameters of [
      { method: 'otsu' },
      { method: 'value', threshold: 40 },
      { method: 'fraction', fraction: 0.3, leave_out: 'above' },
      { method: 'otsu', start: 2, end: 5 },
    ]) {
      const expected = await made(parameters);
      expect(await maskOf(parameters)).toEqual(expected);
      expect(expected).toContain(1);
      expect(expected).toContain(0);
    }
  });

  it('tells how many pixels are left out and at which sum', async () => {
    const { masked, threshold, mask, sums } = await ask({ method: 'otsu' });
    // three columns of vacuum and the pixel without a value
    expect(masked).toBe(3 * rows + 1);
    expect(threshold).toBeGreaterThan(2);
    expect(threshold).toBeLessThan(73);
    expect([mask.shape, sums.shape]).toEqual([
      [rows, columns],
      [rows, columns],
    ]);
    expect(mask.dtype).toBe('bool');
    const values = new Float64Array((await bytes(sums.url)).buffer);
    expect(values[11]).toBeNaN();
    expect(values[0]).toBeCloseTo(
      Array.from({ length: channels }, (_, c) => valueAt(0, c)).reduce((a, b) => a + b),
      5,
    );
    expect((await ask({ method: 'fraction', fraction: 0 })).threshold).toBeNull();
    // the result of the run tells the same
    await made({ method: 'otsu' });
    const { results } = await test.call('project.state', {});
    expect(results.at(-1)!.scalars).toMatchObject({ masked_pixels: masked, threshold });
  });

  it('adds up once for all thresholds, and anew for other channels', async () => {
    const first = await ask({ method: 'value', threshold: 10 });
    const second = await ask({ method: 'value', threshold: 40 });
    expect(second.sums.url).toBe(first.sums.url);
    const other = await ask({ method: 'value', threshold: 10, start: 4 });
    expect(other.sums.url).not.toBe(first.sums.url);
    const values = new Float64Array((await bytes(other.sums.url)).buffer);
    expect(values[0]).toBeCloseTo(
      [4, 5, 6, 7, 8, 9].reduce((sum, c) => sum + valueAt(0, c), 0),
      5,
    );
  });

  it('says what is wrong as the run does', async () => {
    await expect(ask({ method: 'value', threshold: 1e9 })).rejects.toThrow(/nothing would be left/);
    await expect(ask({ method: 'value' })).rejects.toThrow(/threshold/i);
    await expect(ask({ method: 'otsu', start: 500, end: 600 })).rejects.toThrow(/start: 500 to 600 lies outside/);
    await expect(test.call('prepare.mask', { dataset, operation: 'crop', parameters: {} })).rejects.toThrow(/crop/);
  });

  it('gives up earlier sums when others are asked for, and when nobody waits any more', async () => {
    // asked in one go: neither has ended when the next one comes
    const earlier = ask({ method: 'otsu', start: 1 });
    const later = ask({ method: 'otsu', start: 2 });
    await expect(earlier).rejects.toMatchObject({ code: 'cancelled' });
    expect((await later).masked).toBe(3 * rows + 1);
    const waiting = ask({ method: 'otsu', start: 3 });
    await test.call('prepare.stopMask', {});
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    // asked for again, it comes
    expect((await ask({ method: 'otsu', start: 3 })).masked).toBe(3 * rows + 1);
    expect((await ask({ method: 'otsu', start: 2 })).masked).toBe(3 * rows + 1);
  });
});
