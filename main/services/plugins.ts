import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { customOf, readManifest, type PluginManifest } from '../../workers/specs/plugin-manifest.ts';
import { allAlgorithms, setCustomAlgorithms } from '../../workers/specs/registry.ts';
import type { PluginCall } from '../../workers/tasks/lead.ts';
import type { PluginInfo } from '../contract/methods.ts';

/** A folder of a custom algorithm as the settings keep it: allowed as long as its files are these. */
export interface KeptPlugin {
  folder: string;
  /** sha-256 of all its files when the user allowed it; null = not allowed */
  hash: string | null;
}

export interface Plugins {
  list(): Promise<readonly PluginInfo[]>;
  /** Adds a folder, not yet allowed. */
  add(folder: string): Promise<void>;
  /** @param hash what the user was shown; another one now is refused */
  allow(folder: string, hash: string): Promise<void>;
  remove(folder: string): Promise<void>;
  /** The call of an allowed algorithm whose files are unchanged; null when this is none of them. */
  find(algorithm: string | null): Promise<PluginCall | null>;
}

const most = { files: 200, bytes: 64 * 2 ** 20, depth: 4 };

/** Files of a folder in order, without following links. */
async function filesIn(folder: string, at = folder, depth = 0): Promise<string[]> {
  if (depth > most.depth) throw tooLarge(folder);
  const found: string[] = [];
  for (const entry of (await readdir(at, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(at, entry.name);
    if (entry.isSymbolicLink()) {
      throw new EigenscopeError('forbidden', `${path} is a link. Put the file itself into the algorithm's folder.`, {
        path,
      });
    }
    if (entry.isDirectory()) found.push(...(await filesIn(folder, path, depth + 1)));
    else if (entry.isFile()) found.push(path);
    if (found.length > most.files) throw tooLarge(folder);
  }
  return found;
}

const tooLarge = (folder: string): EigenscopeError =>
  new EigenscopeError(
    'bad-request',
    `${folder} holds more than ${most.files} files or ${most.bytes / 2 ** 20} MiB. Choose the folder that holds plugin.json alone.`,
    { folder },
  );

interface ReadPlugin {
  manifest: PluginManifest;
  hash: string;
}

/** @throws EigenscopeError `not-found`, `bad-request`, `forbidden` */
async function readPlugin(folder: string): Promise<ReadPlugin> {
  const hash = createHash('sha256');
  let bytes = 0;
  let manifest: PluginManifest | null = null;
  let names: string[];
  try {
    names = await filesIn(folder);
  } catch (cause) {
    if (cause instanceof EigenscopeError) throw cause;
    throw new EigenscopeError('not-found', `${folder} cannot be read; is it still there?`, { folder }, cause);
  }
  for (const path of names) {
    bytes += (await lstat(path)).size;
    if (bytes > most.bytes) throw tooLarge(folder);
    const content = await readFile(path);
    const name = relative(folder, path).split(sep).join('/');
    hash.update(`${name}\0${content.length}\0`).update(content);
    if (name === 'plugin.json') manifest = readManifest(parseJson(content, folder));
  }
  if (manifest === null) {
    throw new EigenscopeError('not-found', `There is no plugin.json in ${folder}.`, { folder });
  }
  if (!names.includes(join(folder, manifest.module))) {
    throw new EigenscopeError('not-found', `plugin.json names ${manifest.module}, which is not in ${folder}.`, {
      folder,
    });
  }
  return { manifest, hash: hash.digest('hex') };
}

function parseJson(content: Buffer, folder: string): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch (cause) {
    throw new EigenscopeError('bad-request', `plugin.json in ${folder} is not JSON.`, { folder }, cause);
  }
}

/**
 * The custom algorithms of this user: found in folders that were added, run only when their files are those that were
 * allowed. A thread protects from crashes and hangs, not from malice: that is why a person allows each.
 */
export async function createPlugins(
  kept: () => readonly KeptPlugin[],
  keep: (plugins: readonly KeptPlugin[]) => Promise<void>,
): Promise<Plugins> {
  const inspect = async ({ folder, hash: allowed }: KeptPlugin): Promise<PluginInfo> => {
    const none = { folder, hash: null, manifest: null };
    try {
      const { manifest, hash } = await readPlugin(folder);
      const state = allowed === hash ? 'allowed' : allowed === null ? 'new' : 'changed';
      const clash = allAlgorithms.some(({ id }) => id === manifest.id);
      const problem = clash
        ? `There is an algorithm ${manifest.id} already; give it another id in plugin.json.`
        : state === 'changed'
          ? 'Its files have changed since it was allowed.'
          : null;
      return { folder, hash, manifest, state: clash ? 'broken' : state, problem };
    } catch (thrown) {
      if (!(thrown instanceof EigenscopeError)) throw thrown;
      return { ...none, state: 'broken', problem: thrown.message };
    }
  };
  const list = async (): Promise<PluginInfo[]> => {
    const found: PluginInfo[] = [];
    for (const one of kept()) found.push(await inspect(one));
    const seen = new Set<string>();
    const allowed = found.filter(({ state, manifest }) => {
      if (state !== 'allowed' || manifest === null || seen.has(manifest.id)) return false;
      seen.add(manifest.id);
      return true;
    });
    const { algorithms, preprocessings } = customOf(allowed.map(({ manifest }) => manifest!));
    setCustomAlgorithms(algorithms, preprocessings);
    return found;
  };
  const place = async (folder: string): Promise<string> => {
    try {
      return await realpath(folder);
    } catch (cause) {
      throw new EigenscopeError('not-found', `${folder} is not there.`, { folder }, cause);
    }
  };
  await list();
  return {
    list,
    async add(given) {
      const folder = await place(given);
      await readPlugin(folder);
      if (!kept().some((one) => one.folder === folder)) await keep([...kept(), { folder, hash: null }]);
      await list();
    },
    async allow(given, shown) {
      const folder = await place(given);
      const { hash } = await readPlugin(folder);
      if (hash !== shown) {
        throw new EigenscopeError('file-changed', `The files in ${folder} have just changed. Look at them again.`, {
          folder,
        });
      }
      await keep([...kept().filter((one) => one.folder !== folder), { folder, hash }]);
      await list();
    },
    async remove(folder) {
      await keep(kept().filter((one) => one.folder !== folder));
      await list();
    },
    async find(algorithm) {
      if (algorithm === null) return null;
      for (const { folder, hash: allowed } of kept()) {
        if (allowed === null) continue;
        const found = await readPlugin(folder).catch(() => null);
        if (found?.manifest.id !== algorithm) continue;
        if (found.hash === allowed) return { manifest: found.manifest, file: join(folder, found.manifest.module) };
        throw new EigenscopeError(
          'forbidden',
          `The files of ${algorithm} in ${folder} have changed since it was allowed. Look at them and allow it again.`,
          { folder },
        );
      }
      return null;
    },
  };
}
