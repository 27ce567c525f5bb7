import type { FileHandle } from 'node:fs/promises';
import { writeAtomically, type WriteOptions } from '../atomic-write.ts';
import { writeFully } from '../write-fully.ts';

/**
 * Writes data and the header that describes them as two files. Both are whole before either appears, the data first:
 * a header never stands beside data that it does not describe.
 * @throws EigenscopeError `exists` when either of the two is there, `disk-full`, `not-writable`; what `writeData` throws
 */
export async function writeDataAndHeader(
  paths: { data: string; header: string },
  header: Uint8Array,
  options: WriteOptions,
  writeData: (file: FileHandle) => Promise<void>,
): Promise<void> {
  await writeAtomically(paths.header, options, async (headerFile) => {
    await writeFully(headerFile, header);
    await headerFile.sync();
    await writeAtomically(paths.data, options, writeData);
  });
}
