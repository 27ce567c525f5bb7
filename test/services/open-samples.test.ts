import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './harness.ts';

const samples = resolve(import.meta.dirname, '../../../shared/samples');
const isThere = existsSync(join(samples, 'manifest.json'));
const formats = ['hspy', 'dm', 'msa', 'ripple', 'numpy'];

interface Sample {
  path: string;
  format: string;
  expect?: string;
  signals?: unknown[];
}

const files: Sample[] = isThere
  ? (JSON.parse(readFileSync(join(samples, 'manifest.json'), 'utf8')) as { files: Sample[] }).files.filter(
      (file) => formats.includes(file.format) && file.expect === undefined && file.signals !== undefined,
    )
  : [];

describe.skipIf(!isThere)('real instrument files in the window', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp();
  });
  afterAll(() => test.close());

  it.each(files.map(({ path }) => path))('%s opens to an image and a spectrum', async (path) => {
    const { opened } = await test.call('dataset.open', { path: join(samples, path) });
    expect(opened.length).toBeGreaterThan(0);
    for (const { summary, image, spectrum } of opened) {
      expect(summary.missing).toBeNull();
      const shapes = [image, spectrum].map(({ shape }) => shape.reduce((n, size) => n * size, 1));
      expect(shapes).toEqual([summary.samples, summary.features]);
      for (const { url } of [image, spectrum]) expect((await test.app.array(url))!.bytes.length).toBeGreaterThan(0);
      const navigation = summary.axes.filter((axis) => axis.navigate).map(() => 0);
      const live = await test.app.array(`live/${summary.id}/spectrum?at=${navigation.join(',')}`);
      expect(live!.shape.reduce((n, size) => n * size, 1)).toBe(summary.features);
    }
  });
});
