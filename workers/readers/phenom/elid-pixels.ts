import { elementCount } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import { unpackBzip2 } from '../bzip2.ts';
import type { CodedLayout } from '../codecs.ts';
import type { FileBytes } from '../file-bytes.ts';
import { checkUnchanged, withFile } from '../file-bytes.ts';
import { freeBytes } from '../free-bytes.ts';
import { memoryBytes } from '../memory-bytes.ts';
import type { PixelSource } from '../pixel-source.ts';
import { readFrom, readThrough } from '../read-block.ts';
import { describeFirstPicture, openFirstPicture } from '../tiff/first-picture.ts';
import { openCursor, readCounts } from './elid-cursor.ts';

/** A map of 512 × 512 places and 2048 channels has half a gigabyte of counts, however well they pack; */
const leastRoom = 512 * 2 ** 20;
/** larger files hold so many times their size at most. */
const mostGrowth = 64;

/** The whole project, unpacked. */
export function unpackProject(file: FileBytes): Uint8Array {
  const packed = new Uint8Array(file.size);
  file.readInto(packed, 0);
  return unpackBzip2(file.path, packed, Math.min(2 ** 31 - 1, Math.max(leastRoom, mostGrowth * file.size)));
}

const unpackUnchanged = (layout: CodedLayout): Uint8Array =>
  withFile(layout.path, (file) => {
    checkUnchanged(file, layout.stamp, 0);
    return unpackProject(file);
  });

/**
 * Counts of a map or line as uint32, or a picture. A project is one packed stream of numbers of unequal length, so it is
 * unpacked once per open source, on the first block that is read.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`, `file-changed`
 */
export function openElidPixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const about = layout.about as { start: number } | { picture: { start: number; length: number } };
  return 'picture' in about ? openPicture(layout, signal, about.picture) : openCounts(layout, signal, about.start);
}

function openPicture(layout: CodedLayout, signal: SignalHeader, at: { start: number; length: number }): PixelSource {
  let opened: PixelSource | null = null;
  const open = (): PixelSource => {
    const project = unpackUnchanged(layout);
    const tiff = project.slice(at.start, at.start + at.length);
    freeBytes(project);
    return openFirstPicture(describeFirstPicture(memoryBytes(layout.path, tiff)), signal);
  };
  const readInto: PixelSource['readInto'] = (target, start, count) =>
    (opened ??= open()).readInto(target, start, count);
  return {
    readInto,
    read: readThrough(signal, readInto),
    close() {
      opened?.close();
      opened = null;
    },
  };
}

function openCounts(layout: CodedLayout, signal: SignalHeader, first: number): PixelSource {
  const total = elementCount(signal.shape);
  let decoded: Uint8Array | null = null;
  const decode = (): Uint8Array => {
    const project = unpackUnchanged(layout);
    const cursor = openCursor(layout.path, project);
    cursor.skip(first);
    cursor.skipCounts(total);
    const counts = new Uint32Array(total);
    readCounts(project, first, counts);
    return new Uint8Array(counts.buffer);
  };
  const readInto = readFrom(signal, () => (decoded ??= decode()));
  return {
    readInto,
    read: readThrough(signal, readInto),
    close() {
      decoded = null;
    },
  };
}
