import { basename, extname } from 'node:path';
import type { FileStamp } from '../../model/signal.ts';
import { beside } from '../companion.ts';
import { withFile } from '../file-bytes.ts';
import type { FrameRun } from '../frame-series.ts';
import type { TvipsHeader } from './tvips-format.ts';

/* A stream is cut into NAME_000.tvips, NAME_001.tvips …; only the first has a header, and no frame is cut in two. */

export interface StreamFiles {
  files: { path: string; stamp: FileStamp }[];
  runs: FrameRun[];
  frames: number;
  /** bytes at the end of files that make no whole frame */
  rest: number;
}

/** The stem and the digits of NAME_012.tvips. */
const numbered = (path: string): { stem: string; digits: string } | null => {
  const match = /^(.*_)(\d{3,6})$/.exec(basename(path, extname(path)));
  return match === null ? null : { stem: match[1]!, digits: match[2]! };
};

/** The file of the same stream with another number; null when it is not there. */
function sibling(path: string, number: number): string | null {
  const name = numbered(path);
  if (name === null) return null;
  return beside(path, `${name.stem}${String(number).padStart(name.digits.length, '0')}${extname(path)}`);
}

/** The first file of the stream that this one belongs to; the file itself when there is no other. */
export const firstOfStream = (path: string): string => sibling(path, 0) ?? path;

/** Where the frames of a stream lie, given its first file. */
export function readStreamFiles(first: string, header: TvipsHeader, frameBytes: number): StreamFiles {
  const step = header.frameHeaderBytes + frameBytes;
  const found: StreamFiles = { files: [], runs: [], frames: 0, rest: 0 };
  let number = Number(numbered(first)?.digits ?? 0);
  for (let path: string | null = first; path !== null; path = sibling(first, ++number)) {
    withFile(path, (file) => {
      const start = found.files.length === 0 ? header.bytes : 0;
      const count = Math.floor(Math.max(0, file.size - start) / step);
      found.rest += Math.max(0, file.size - start - count * step);
      if (count > 0) {
        found.runs.push({ file: found.files.length, first: start + header.frameHeaderBytes, step, count });
      }
      found.files.push({ path: path!, stamp: file.stamp() });
      found.frames += count;
    });
  }
  return found;
}
