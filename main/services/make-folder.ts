import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { explainWriteFailure } from '../io/write-errors.ts';

/**
 * Makes a folder and those above it where they are missing. One at a time, because Node's own recursive way never
 * ends on a file system that answers “no such file” to every attempt (such as /proc).
 * @throws EigenscopeError `not-writable`, `disk-full`
 */
export async function makeFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return;
  if (found !== null) {
    throw new EigenscopeError(
      'not-writable',
      `${folder} is a file and a folder is needed in its place. Choose another place.`,
      { folder },
    );
  }
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch((cause: NodeJS.ErrnoException) => {
    // Somebody else was faster.
    if (cause.code !== 'EEXIST') throw explainWriteFailure(folder, cause);
  });
}
