import { mkdir, mkdtemp, open, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultRecord } from '../../workers/model/result.ts';
import { journalLine } from '../../main/io/journal.ts';
import { createZipWriter } from '../../main/io/zip-writer.ts';
import { unpackZip } from '../../main/io/zip-store.ts';
import { openProjectStore, readProject } from '../../main/services/project-store.ts';
import { withSavedSession } from '../../main/services/saved-session.ts';

const version = '0.0.0-test';

/* Projects come by mail: whatever their files say, nothing outside of their folder is read, written or deleted. */

describe('a project from somebody else', () => {
  let base: string;
  let folder: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'eigenscope-trust-'));
    folder = join(base, 'gift.eigenproject');
    await (await openProjectStore(folder, version)).close();
    await mkdir(join(base, 'private'));
    await writeFile(join(base, 'private', 'diary.txt'), 'dear diary');
    await writeFile(join(base, 'settings.txt'), 'mine');
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  const untouched = async (): Promise<void> => {
    expect(await readFile(join(base, 'private', 'diary.txt'), 'utf8')).toBe('dear diary');
    expect(await readdir(join(base, 'private'))).toEqual(['diary.txt']);
    expect(await readFile(join(base, 'settings.txt'), 'utf8')).toBe('mine');
  };

  const refused = async (what: RegExp): Promise<void> => {
    const refusal = { code: 'corrupt-file', message: expect.stringMatching(what) as string };
    await expect(openProjectStore(folder, version)).rejects.toMatchObject(refusal);
    await expect(readProject(folder)).rejects.toMatchObject(refusal);
    await expect(withSavedSession(folder, async () => 'read')).rejects.toMatchObject(refusal);
    await untouched();
    // refusing leaves no lock that would make it "open elsewhere"
    expect(await readdir(folder)).not.toContain('.lock');
  };

  it.each(['manifest.json', 'manifest.prev.json', 'journal.jsonl', 'layout.json', 'notes'])(
    'with a link in the place of %s is refused and nothing is written through it',
    async (name) => {
      await rm(join(folder, name), { force: true });
      await symlink(join(base, 'settings.txt'), join(folder, name));
      await refused(/link to another place/);
    },
  );

  it.each(['results', join('results', 'result-1'), 'anything'])(
    'with a link %s to a folder outside is refused and nothing in that is deleted',
    async (name) => {
      await rm(join(folder, name), { recursive: true, force: true });
      await symlink(join(base, 'private'), join(folder, name));
      await refused(/link to another place/);
    },
  );

  it('with a link to an array deep in it is refused', async () => {
    await mkdir(join(folder, 'results', 'result-1'), { recursive: true });
    await symlink(join(base, 'private', 'diary.txt'), join(folder, 'results', 'result-1', 'factors.npy'));
    await refused(/factors\.npy in it is a link/);
  });

  it('may itself be reached through a link', async () => {
    const link = join(base, 'shortcut.eigenproject');
    await symlink(folder, link);
    const store = await openProjectStore(link, version);
    expect(store.readOnly()).toBeNull();
    await store.close();
  });

  const record = (id: unknown, arrays: unknown = {}): ResultRecord =>
    ({ id, name: 'x', made: '2020-01-01T00:00:00Z', arrays }) as unknown as ResultRecord;

  interface OpenManifest {
    session: { results: unknown[]; bin: unknown[] };
    undone: unknown[];
  }
  const change = async (edit: (manifest: OpenManifest) => void): Promise<void> => {
    for (const name of ['manifest.json', 'manifest.prev.json']) {
      const file = join(folder, name);
      const manifest = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<OpenManifest>;
      if (manifest.session === undefined) continue;
      edit(manifest as OpenManifest);
      await writeFile(file, JSON.stringify(manifest));
    }
  };

  it.each(['../../private', '..', '.', '', 'a/../../../private', '/etc', 'C:\\Windows', 'a\\b', 'a\0b', 7, null])(
    'whose bin holds a result with the id %j deletes nothing when that is long gone',
    async (id) => {
      await change(({ session }) => session.bin.push({ record: record(id), deleted: '1970-01-01T00:00:00Z' }));
      await refused(/names a result/);
    },
  );

  it('whose journal brings such an id is refused', async () => {
    const entry = {
      line: 1,
      change: { kind: 'do', at: '', text: 'x', command: { do: 'result.add', at: 0, record: record('../../private') } },
    };
    await writeFile(join(folder, 'journal.jsonl'), journalLine(entry));
    await refused(/names a result/);
  });

  it('whose journal brings such an id together with others is refused', async () => {
    const commands = [{ do: 'result.add', at: 0, record: record('../../private') }];
    const entry = { line: 1, change: { kind: 'do', at: '', text: 'x', command: { do: 'together', commands } } };
    await writeFile(join(folder, 'journal.jsonl'), journalLine(entry));
    await refused(/names a result/);
  });

  it('whose history would bring such an id back is refused', async () => {
    const command = { do: 'result.add', at: 0, record: record('../../private') };
    await change(({ undone }) => undone.push({ at: '', text: '', command, inverse: command }));
    await refused(/names a result/);
  });

  it.each(['../../../settings', 'a/b', '..', ''])('whose result has an array %j is refused', async (name) => {
    const arrays = { [name]: { dtype: 'float64', shape: [1] } };
    await change(({ session }) => session.results.push(record('result-1', arrays)));
    await refused(/names an array/);
  });

  it('whose result was given an array of such a name is refused', async () => {
    const given = { '../../settings': { name: 'x', dtype: 'bool', shape: [1] } };
    await change(({ session }) => session.results.push({ ...record('result-1'), given }));
    await refused(/names an array/);
  });

  it.each([null, {}, { id: 'x' }, { id: 'x', arrays: null }])(
    'whose list of results holds %j is refused',
    async (odd) => {
      await change(({ session }) => session.results.push(odd));
      await refused(/names a result|lists no arrays/);
    },
  );

  it('opens when its results have the names that are given here', async () => {
    const arrays = { bss_factors: { dtype: 'float64', shape: [1] } };
    await change(({ session }) => session.results.push(record('result-0a1b2c3d', arrays)));
    expect((await readProject(folder)).timeline.session.results).toHaveLength(1);
  });

  it('as an archive cannot bring such names either, and is not unpacked beside its folder', async () => {
    await change(({ session }) =>
      session.bin.push({ record: record('../../private'), deleted: '1970-01-01T00:00:00Z' }),
    );
    const path = join(base, 'gift.eigs');
    const file = await open(path, 'w');
    const zip = createZipWriter(file);
    const manifest = await readFile(join(folder, 'manifest.json'));
    await zip.add('manifest.json', manifest.length, [manifest]);
    await zip.end();
    await file.close();
    await expect(withSavedSession(path, async () => 'read')).rejects.toMatchObject({ code: 'corrupt-file' });
    const place = join(base, 'unpacked');
    await unpackZip(path, place);
    await expect(openProjectStore(place, version)).rejects.toMatchObject({ code: 'corrupt-file' });
    await untouched();
  });
});
