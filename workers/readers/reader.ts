import type { ReadHints } from '../model/read-hints.ts';
import type { FileHeader } from '../model/signal.ts';

export type { ReadHints };

/**
 * A file format. `probe` looks at the first kilobytes only and never throws; `header` reads everything but the pixels.
 * Every size in a file is untrusted: checked against the file before anything is allocated.
 */
export interface Reader {
  id: string;
  title: string;
  /** lower case, without the dot */
  extensions: readonly string[];
  /** a data set may be a folder (Zarr stores): `probe` then gets no bytes */
  folders?: true;
  /** 0 = not mine … 1 = sure. `head` holds up to the first 4096 bytes. */
  probe(head: Uint8Array, path: string): number;
  header(path: string, hints: ReadHints): Promise<FileHeader>;
}
