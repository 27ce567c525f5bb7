import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../main/contract/session.ts';
import { journalLine } from '../../main/io/journal.ts';
import { openProjectStore } from '../../main/services/project-store.ts';

const version = '0.0.0-test';

const addDataset = (id: string): Command => ({
  do: 'dataset.add',
  at: 0,
  dataset: {
    id,
    name: id,
    file: `/data/${id}.npy`,
    fileBytes: 10,
    fileModified: 1,
    signal: 0,
    hints: {},
    format: 'numpy',
    title: '',
    signalType: '',
    shape: [2, 3],
    dtype: 'float32',
    axes: [],
    quantity: { name: 'Intensity', units: null },
  },
});

describe('project folder', () => {
  let base: string;
  let folder: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'eigenscope-test-'));
    folder = join(base, 'Pt-ceria.eigenproject');
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  const ids = async (): Promise<{ ids: string[]; recovered: string | null }> => {
    const store = await openProjectStore(folder, version);
    const found = store.timeline().session.datasets.map((d) => d.id);
    const recovered = store.recovered();
    await store.close();
    return { ids: found, recovered };
  };

  /** The folder as a killed process leaves it: no snapshot, the lock of a process that has ended. */
  const crashed = async (): Promise<void> => {
    const store = await openProjectStore(folder, version);
    await store.perform('a', addDataset('a'));
    await store.perform('b', addDataset('b'));
    await writeFile(
      join(folder, '.lock'),
      JSON.stringify({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname(), since: '' }),
    );
  };

  it('keeps changes, undo and layout over closing and opening', async () => {
    const store = await openProjectStore(folder, version);
    await store.perform('Open a', addDataset('a'));
    await store.perform('Open b', addDataset('b'));
    await store.undo();
    await store.setLayout({ pane: 'results' });
    await store.close();
    const again = await openProjectStore(folder, version);
    expect(again.timeline().session.datasets.map((d) => d.id)).toEqual(['a']);
    expect(again.timeline().undone.map((step) => step.text)).toEqual(['Open b']);
    expect(again.layout()).toEqual({ pane: 'results' });
    expect(again.recovered()).toBeNull();
    await again.redo();
    expect(again.timeline().session.datasets.map((d) => d.id)).toEqual(['b', 'a']);
    await again.close();
  });

  it('recovers every change that was on disk when the process was killed', async () => {
    await crashed();
    expect(await ids()).toEqual({ ids: ['b', 'a'], recovered: '2 changes of the last session recovered.' });
  });

  it('loses at most the change whose line is torn', async () => {
    await crashed();
    const journal = join(folder, 'journal.jsonl');
    const text = await readFile(journal, 'utf8');
    await writeFile(journal, text.slice(0, -20));
    const { ids: found, recovered } = await ids();
    expect(found).toEqual(['a']);
    expect(recovered).toMatch(/1 change of the last session recovered; 1 unfinished change was left out/);
  });

  it('falls back to the manifest before when the newest is damaged', async () => {
    await crashed();
    await ids();
    await writeFile(join(folder, 'manifest.json'), '{"eigenscope": 1, "sess');
    const { recovered } = await ids();
    expect(recovered).toMatch(/the previous manifest was used/);
  });

  it('does not apply a journal line twice after a snapshot that was cut short', async () => {
    await crashed();
    const journal = await readFile(join(folder, 'journal.jsonl'), 'utf8');
    await ids();
    await writeFile(join(folder, 'journal.jsonl'), journal);
    expect((await ids()).ids).toEqual(['b', 'a']);
  });

  it('is opened to look at only by a second window, which cannot change it', async () => {
    const first = await openProjectStore(folder, version);
    const second = await openProjectStore(folder, version);
    expect(first.readOnly()).toBeNull();
    expect(second.readOnly()).toMatch(/open in another window of this computer/);
    await expect(second.perform('x', addDataset('x'))).rejects.toMatchObject({ code: 'locked' });
    await second.close();
    await first.perform('a', addDataset('a'));
    await first.close();
    expect((await ids()).ids).toEqual(['a']);
  });

  it('opens a project of a newer version to look at only and leaves it untouched', async () => {
    const store = await openProjectStore(folder, version);
    await store.perform('a', addDataset('a'));
    await store.close();
    const file = join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const newer = JSON.stringify({ ...manifest, eigenscope: 99 });
    await writeFile(file, newer);
    const opened = await openProjectStore(folder, version);
    expect(opened.readOnly()).toMatch(/newer version of Eigenscope/);
    expect(opened.timeline().session.datasets).toHaveLength(1);
    await opened.close();
    expect(await readFile(file, 'utf8')).toBe(newer);
  });

  it('refuses a folder whose two manifests are damaged and says where the results are', async () => {
    await crashed();
    await ids();
    await writeFile(join(folder, 'manifest.json'), 'x');
    await writeFile(join(folder, 'manifest.prev.json'), 'y');
    await expect(openProjectStore(folder, version)).rejects.toMatchObject({
      code: 'corrupt-file',
      message: expect.stringContaining('results') as string,
    });
  });

  it('refuses a change that is not possible and writes nothing of it', async () => {
    const store = await openProjectStore(folder, version);
    const before = await readFile(join(folder, 'journal.jsonl'), 'utf8');
    await expect(store.perform('x', { do: 'dataset.remove', id: 'nope' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await readFile(join(folder, 'journal.jsonl'), 'utf8')).toBe(before);
    await store.close();
  });

  it('copies itself whole, without its lock', async () => {
    const store = await openProjectStore(folder, version);
    await store.perform('a', addDataset('a'));
    const copy = join(base, 'copy.eigenproject');
    await store.copyTo(copy);
    await store.close();
    expect((await readdir(copy)).sort()).toEqual(['journal.jsonl', 'manifest.json', 'manifest.prev.json', 'results']);
  });

  it('takes snapshots, after which the journal starts anew', async () => {
    const store = await openProjectStore(folder, version);
    for (let i = 0; i < 60; i++) await store.perform(`d${i}`, addDataset(`d${i}`));
    const lines = (await readFile(join(folder, 'journal.jsonl'), 'utf8')).split('\n').length - 1;
    expect(lines).toBe(10);
    await store.close();
    await appendFile(join(folder, 'journal.jsonl'), journalLine({ line: 3, change: { kind: 'undo' } }));
    expect((await ids()).ids).toHaveLength(60);
  });
});
