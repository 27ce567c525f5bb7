import type { FileHandle } from 'node:fs/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createZipWriter } from '../zip-writer.ts';

/** Takes the values of a store one after another, each key once. */
export interface ZarrSink {
  put(key: string, bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/** Values as files below a folder. */
export function folderSink(folder: string): ZarrSink {
  const made = new Set<string>();
  return {
    async put(key, bytes) {
      const path = join(folder, ...key.split('/'));
      const parent = dirname(path);
      if (!made.has(parent)) {
        await mkdir(parent, { recursive: true });
        made.add(parent);
      }
      await writeFile(path, bytes, { flag: 'wx' });
    },
    async end() {},
  };
}

/** Values as stored members of a zip, of which parts can be read in place. */
export function zipSink(file: FileHandle): ZarrSink {
  const zip = createZipWriter(file);
  return { put: (key, bytes) => zip.add(key, bytes.length, [bytes]), end: () => zip.end() };
}
