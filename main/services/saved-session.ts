import { open, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import type { Session } from '../contract/session.ts';
import { unpackZip } from '../io/zip-store.ts';
import { readProject } from './project-store.ts';
import { makeWorkFolder } from './work-folder.ts';

export interface SavedSession {
  session: Session;
  recovered: readonly string[];
  resultFolder(id: string): string;
}

/** A file of another kind is told apart from a session that was damaged. */
async function requireZip(path: string): Promise<void> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new EigenscopeError('not-readable', `${path} cannot be opened (${cause.code}).`, { path }, cause);
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    if (bytesRead === 2 && buffer.toString('latin1') === 'PK') return;
  } finally {
    await file.close();
  }
  throw new EigenscopeError(
    'unsupported-format',
    `${path} is not a session of Eigenscope: those are .eigs files and .eigenproject folders.`,
    { path },
  );
}

/**
 * Reads a saved session (.eigenproject folder or .eigs file) without changing it, for as long as `use` runs.
 * @throws EigenscopeError `file-not-found`, `unsupported-format`, `corrupt-file`
 */
export async function withSavedSession<T>(path: string, use: (saved: SavedSession) => Promise<T>): Promise<T> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new EigenscopeError('file-not-found', `${path} is not there. Check its name and folder.`, { path });
  const unpacked = found.isFile() ? await makeWorkFolder() : null;
  try {
    const folder = unpacked === null ? path : join(unpacked.folder, basename(path, extname(path)));
    if (unpacked !== null) {
      await requireZip(path);
      await unpackZip(path, folder);
    }
    const manifest = await stat(join(folder, 'manifest.json')).catch(() =>
      stat(join(folder, 'manifest.prev.json')).catch(() => null),
    );
    if (manifest === null) {
      throw new EigenscopeError(
        'unsupported-format',
        `${path} is not a session of Eigenscope: it holds no manifest.json.`,
        { path },
      );
    }
    const { timeline, recovered } = await readProject(folder);
    return await use({ session: timeline.session, recovered, resultFolder: (id) => join(folder, 'results', id) });
  } finally {
    await unpacked?.remove();
  }
}

/** A result by its id or its name. @throws EigenscopeError `not-found`, listing those there are. */
export function findResult(session: Session, wanted: string): ResultRecord {
  const record = session.results.find(({ id }) => id === wanted) ?? session.results.find(({ name }) => name === wanted);
  if (record === undefined) {
    const known = session.results.map(({ id, name }) => `${id} (${name})`).join(', ') || 'none';
    throw new EigenscopeError('not-found', `There is no result “${wanted}” in this session; there are ${known}.`, {
      result: wanted,
    });
  }
  return record;
}
