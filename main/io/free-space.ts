import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';

const size = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toPrecision(3)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;

/**
 * Refuses to begin a file that its drive has no room for; an old file under this name stays until the new one is whole.
 * @throws EigenscopeError `disk-full`
 */
export async function requireSpace(path: string, bytes: number): Promise<void> {
  // not every drive tells; then writing itself will
  const info = await statfs(dirname(path)).catch(() => null);
  if (info === null) return;
  const free = info.bavail * info.bsize;
  if (free >= bytes) return;
  throw new EigenscopeError(
    'disk-full',
    `The drive is full: ${path} was not written. Free some space or choose another drive: it takes ${size(bytes)}, and ${size(free)} are free.`,
    { path, needed: bytes, free },
  );
}
