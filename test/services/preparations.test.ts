import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { startTestApp, type TestApp } from './harness.ts';

/* Values say where they are: 1000 y + 100 x + channel. */
const shape = [3, 4, 50];
const values = Float32Array.from({ length: 600 }, (_, i) => {
  const pixel = Math.floor(i / 50);
  return 1000 * Math.floor(pixel / 4) + 100 * (pixel % 4) + (i % 50);
});

describe('preparing data', () => {
  let files: string;
  let file: string;
  let test: TestApp;

  beforeEach(async () => {
    files = await mkdtemp(join(tmpdir(), 'eigenscope-prepare-'));
    file = join(files, 'map.npy');
    await writeNpy(file, 'float32', shape, values, { overwrite: true });
    test = await startTestApp(join(files, 'app'));
  });
  afterEach(async () => {
    await test.close();
    await rm(files, { recursive: true, force: true });
  });

  const open = async () => (await test.call('dataset.open', { path: file })).opened[0]!.summary;
  const spectrumAt = async (dataset: string, at: string) => {
    const array = await test.app.array(`live/${dataset}/spectrum?at=${at}`);
    const { bytes, dtype } = array!;
    const { buffer } = bytes.slice();
    return Array.from(dtype === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer));
  };
  const state = () => test.call('project.state', {});
  const crop = (dataset: string, parameters: Record<string, never | number | string>) => ({
    dataset: dataset as never,
    operation: 'crop',
    parameters: parameters as never,
  });

  it('tells shape and axes of the outcome before anything is made, and what is wrong in words', async () => {
    const { id } = await open();
    const good = await test.call('prepare.check', crop(id, { axis: 'channel', start: 10, end: 20 }));
    expect(good).toMatchObject({ problems: [], outcome: { shape: [3, 4, 10], dtype: 'float32', bytes: 480 } });
    const bad = await test.call('prepare.check', crop(id, { axis: 'energy' }));
    expect(bad.outcome).toBeNull();
    expect(bad.problems[0]).toMatchObject({ param: 'axis' });
    expect(bad.problems[0]!.message).toMatch(/no axis “energy”/);
  });

  it('shows the spectrum at a place before and after', async () => {
    const { id } = await open();
    const { before, after, at, axes } = await test.call('prepare.preview', {
      ...crop(id, { axis: 'x', start: 2 }),
      at: [1, 3],
    });
    expect(at).toEqual([1, 1]);
    expect(axes[1]).toMatchObject({ name: 'x', offset: 2, size: 2 });
    const read = async (url: string) => new Float64Array((await test.app.array(url))!.bytes.slice().buffer)[7];
    expect([await read(before.url), await read(after.url)]).toEqual([1307, 1307]);
  });

  it('makes data sets that can be prepared, decomposed, undone and redone', async () => {
    const { id } = await open();
    const { opened } = await test.call('prepare.apply', {
      ...crop(id, { axis: 'channel', start: 10, end: 20 }),
      name: null,
    });
    const first = opened.summary;
    expect(first).toMatchObject({ shape: [3, 4, 10], madeOf: id, steps: [{ operation: 'crop' }] });
    const again = await test.call('prepare.apply', { ...crop(first.id, { axis: 'y', start: 1 }), name: 'lower rows' });
    const second = again.opened.summary;
    expect(second).toMatchObject({ name: 'lower rows', shape: [2, 4, 10] });
    expect(second.steps).toHaveLength(2);
    expect(await spectrumAt(second.id, '1,2')).toEqual(Array.from({ length: 10 }, (_, i) => 2210 + i));
    const { job } = await test.call('job.start', {
      dataset: second.id,
      operation: 'decomposition',
      algorithm: 'SVD',
      parameters: {},
      parent: null,
      seed: 0,
      name: null,
    });
    expect((await test.ended(job)).status).toBe('finished');
    expect((await state()).datasets).toHaveLength(3);
    await test.call('project.undo', {});
    expect((await test.call('project.undo', {})).datasets.map((d) => d.id)).toEqual([id, first.id]);
    expect((await test.call('project.redo', {})).datasets.map((d) => d.name)).toContain('lower rows');
    expect(await spectrumAt(second.id, '0,0')).toEqual(Array.from({ length: 10 }, (_, i) => 1010 + i));
  });

  it('keeps them over a restart, without the data set they were made of, axes included', async () => {
    const { id } = await open();
    await test.call('dataset.axes', {
      dataset: id,
      axes: [
        { name: 'y', units: 'nm', scale: 2, offset: 0 },
        { name: 'x', units: 'nm', scale: 2, offset: 0 },
        { name: 'Energy', units: 'eV', scale: 5, offset: 100 },
      ],
    });
    const { opened } = await test.call('prepare.apply', {
      ...crop(id, { axis: 'Energy', start: 150, end: 200 }),
      name: 'edge',
    });
    await test.call('dataset.close', { dataset: id });
    await test.call('project.save', { path: join(files, 'p.eigenproject'), overwrite: false });
    await test.close();
    test = await startTestApp(join(files, 'app'));
    await test.call('project.open', { path: join(files, 'p.eigenproject') });
    const [edge] = (await state()).datasets;
    expect(edge).toMatchObject({ name: 'edge', missing: null, shape: [3, 4, 10] });
    expect(edge!.axes[2]).toMatchObject({ offset: 150, scale: 5, units: 'eV' });
    expect(await spectrumAt(opened.summary.id, '0,1')).toEqual(Array.from({ length: 10 }, (_, i) => 110 + i));
  });

  it('gives up what is measured for an earlier preview, but not for a step that is applied', async () => {
    const { id } = await open();
    const align = (start: number) => ({
      dataset: id,
      operation: 'align_peak',
      parameters: { start, end: 49 } as never,
    });
    const at = [0, 0];
    const earlier = test.call('prepare.preview', { ...align(1), at });
    const given = expect(earlier).rejects.toMatchObject({ code: 'cancelled' });
    const applied = test.call('prepare.apply', { ...align(2), name: 'aligned' });
    const shown = test.call('prepare.preview', { ...align(3), at });
    await given;
    expect((await applied).opened.summary.name).toBe('aligned');
    expect((await shown).at).toEqual(at);
  });

  it('says that the file has changed instead of preparing something else', async () => {
    const { id } = await open();
    await test.call('prepare.apply', { ...crop(id, { axis: 'channel', start: 10 }), name: 'cut' });
    await test.call('project.save', { path: join(files, 'p.eigenproject'), overwrite: false });
    await test.close();
    await writeFile(file, 'other');
    test = await startTestApp(join(files, 'app'));
    await test.call('project.open', { path: join(files, 'p.eigenproject') });
    expect((await state()).datasets[1]!.missing).toMatch(/has changed since it was opened/);
  });
});
