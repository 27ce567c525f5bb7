import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trackUnfinished } from '../io/unfinished.ts';
import { explainWriteFailure } from '../io/write-errors.ts';

/**
 * A new folder among the temporary files, for as long as something is packed or unpacked.
 * @throws EigenscopeError `disk-full`, `not-writable`
 */
export async function makeWorkFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'eigenscope-')).catch((thrown: unknown) => {
    throw explainWriteFailure(tmpdir(), thrown);
  });
  const forget = trackUnfinished(folder);
  return {
    folder,
    async remove() {
      await rm(folder, { recursive: true, force: true });
      forget();
    },
  };
}
