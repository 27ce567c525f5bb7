import type { FileStamp } from '../../model/signal.ts';
import { openUnchanged } from '../file-bytes.ts';
import type { TiffFile } from './ifd.ts';
import { openTiff } from './ifd.ts';

/** A file whose pages make a signal; `stamp` as it was when its header was read. */
export interface SetFile {
  path: string;
  stamp: FileStamp;
}

/** One that was looked through. */
export interface ListedFile extends SetFile {
  littleEndian: boolean;
}

/** Files whose pages belong together, opened as they are needed. */
export interface FileSet {
  /** @throws EigenscopeError `file-changed`, `file-not-found`, `not-readable`, `corrupt-file` */
  of(file: number): TiffFile;
  close(): void;
}

/** Sets of thousands of files must not take all file handles of the process. */
const mostOpen = 32;

export function openFileSet(files: readonly SetFile[]): FileSet {
  const open = new Map<number, TiffFile>();
  const close = (number: number): void => {
    open.get(number)?.file.close();
    open.delete(number);
  };
  return {
    of(number) {
      const { path, stamp } = files[number]!;
      let tiff = open.get(number);
      if (tiff === undefined) {
        // the longest unused makes room
        if (open.size >= mostOpen) close(open.keys().next().value!);
        const file = openUnchanged(path, stamp);
        try {
          tiff = openTiff(file);
        } catch (error) {
          file.close();
          throw error;
        }
      } else open.delete(number);
      open.set(number, tiff);
      return tiff;
    },
    close: () => [...open.keys()].forEach(close),
  };
}
