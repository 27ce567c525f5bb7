import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildNpy } from '../readers/builders/numpy.ts';
import { temporaryFiles } from '../readers/builders/temporary.ts';
import { startTestApp, type TestApp } from './harness.ts';

/* Data whose pixels take long to be computed are there with a first picture, and complete later. */

const files = temporaryFiles();
let test: TestApp;
beforeEach(async () => {
  test = await startTestApp(undefined, { threads: 1 });
});
afterEach(() => test.close());

it(
  'data that take long to prepare are shown before they are complete, and a run that waits for them can be cancelled',
  { timeout: 180_000 },
  async () => {
    const shape = [112, 112, 1024] as const;
    const data = new Uint8Array(shape[0] * shape[1] * shape[2]).map((_, i) => 40 + ((i * 31) % 17));
    const path = files.write('counts.npy', buildNpy({ shape, dtype: 'uint8', data }));
    const { opened } = await test.call('dataset.open', { path });
    const { summary } = opened[0]!;
    const applied = await test.call('prepare.apply', {
      dataset: summary.id,
      operation: 'remove_background',
      parameters: { method: 'asymmetric' },
      name: null,
    });
    const { id } = applied.opened.summary;
    // every pixel takes about 0.2 ms: thousands are not there yet
    expect(applied.opened.image.preview).toBe(true);
    // a run waits for them, and can be cancelled as long
    const { job } = await test.call('job.start', {
      dataset: id,
      operation: 'decomposition',
      algorithm: 'SVD',
      parameters: {},
      parent: null,
      seed: 0,
      name: null,
    });
    await test.until('job.changed', (state) => state.id === job && state.status === 'running');
    await test.call('job.cancel', { job, keep: false });
    expect((await test.ended(job)).status).toBe('cancelled');
    const isComplete = (): boolean =>
      test.events.some(
        ({ name, payload }) =>
          name === 'dataset.loaded' &&
          (payload as { fraction: number }).fraction === 1 &&
          (payload as { dataset: string }).dataset === id,
      );
    expect(isComplete()).toBe(false);
    await test.until('dataset.loaded', ({ dataset, fraction }) => dataset === id && fraction === 1);
    const { image } = await test.call('dataset.views', { dataset: id });
    const sums = new Float64Array((await test.app.array(image.url))!.bytes.slice().buffer);
    expect(image.shape).toEqual(shape.slice(0, 2));
    expect(sums.every(Number.isFinite)).toBe(true);
  },
);
