import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes the files of a seed into a folder.
 * @returns the path that is opened: the first file, or the folder of a store
 */
export function placeSeed(folder: string, files: readonly (readonly [name: string, bytes: Uint8Array])[]): string {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const [first] = files[0]!;
  const store = /^(.*?\.(?:zspy|zarr))\//.exec(first);
  return join(folder, store?.[1] ?? first);
}
