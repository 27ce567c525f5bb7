import type { FileHeader } from '../model/signal.ts';

/** What a person may say about a file that does not say it itself (raw arrays, HDF5 data sets). */
export interface ReadHints {
  /** HDF5: path of the data set to open; NPZ: member name */
  dataset?: string;
  navigationShape?: readonly number[];
  signalShape?: readonly number[];
  axes?: readonly { name?: string; units?: string; scale?: number; offset?: number }[];
}

/**
 * A file format. `probe` looks at the first kilobytes only and never throws; `header` reads everything but the pixels.
 * Every size in a file is untrusted: checked against the file before anything is allocated.
 */
export interface Reader {
  id: string;
  title: string;
  /** lower case, without the dot */
  extensions: readonly string[];
  /** 0 = not mine … 1 = sure. `head` holds up to the first 4096 bytes. */
  probe(head: Uint8Array, path: string): number;
  header(path: string, hints: ReadHints): Promise<FileHeader>;
}
