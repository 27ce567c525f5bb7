import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder of its own for one test file, removed at the end; the function writes a file into it and says its path. */
export function temporaryFiles(): { folder: string; write: (name: string, bytes: Uint8Array | string) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'eigenscope-readers-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write(name, bytes) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    },
  };
}
