import { checkedBytes } from '../array-size.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1, truncated } from '../file-bytes.ts';
import type { SurfHeader } from './surf-header.ts';
import { readSurfHeader, surfHeaderBytes, surfSignature } from './surf-header.ts';

/** A zlib stream of a packed object. */
export interface SurfStream {
  position: number;
  packed: number;
  unpacked: number;
}

/** One object of a file: its header and where its numbers are. */
export interface SurfObject {
  header: SurfHeader;
  comment: string;
  /** numbers in C order (y, x, channel) */
  values: number;
  /** byte of the first number; of the list of streams when packed */
  position: number;
  streams: readonly SurfStream[];
}

const mostObjects = 10_000;
const mostStreams = 100_000;
/** Deflate makes at most 1032 bytes of one. */
const mostGrowth = 1032;

function readStreams(file: FileBytes, position: number, littleEndian: boolean, needed: number): SurfStream[] {
  const count = file.view(position, 4).getUint32(0, littleEndian);
  if (count === 0 || count > mostStreams)
    throw corrupt(file.path, `its data are in ${count} packed pieces`, 'some were expected');
  const list = new Uint8Array(8 * count);
  file.readInto(list, position + 4);
  const view = new DataView(list.buffer);
  const streams: SurfStream[] = [];
  let at = position + 4 + 8 * count;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const unpacked = view.getUint32(8 * i, littleEndian);
    const packed = view.getUint32(8 * i + 4, littleEndian);
    if (at + packed > file.size) throw truncated(file.path, at + packed, file.size, 'its list of packed pieces says');
    if (unpacked > mostGrowth * packed + 64) {
      throw corrupt(
        file.path,
        `a piece of ${packed} bytes announces ${unpacked} unpacked`,
        `at most ${mostGrowth} times as many were expected`,
      );
    }
    streams.push({ position: at, packed, unpacked });
    at += packed;
    total += unpacked;
  }
  if (total !== needed) throw corrupt(file.path, `its packed data hold ${total} bytes`, `${needed} were expected`);
  return streams;
}

function readObject(file: FileBytes, start: number): { object: SurfObject; end: number } {
  const header = readSurfHeader(file, start);
  const shape = [header.y.size, header.x.size, header.spectral.size];
  const needed = checkedBytes(file.path, shape, header.bits === 16 ? 'int16' : 'int32');
  const commentAt = start + surfHeaderBytes;
  const position = commentAt + header.commentBytes + header.privateBytes;
  if (position > file.size) throw truncated(file.path, position, file.size);
  const comment = new Uint8Array(header.commentBytes);
  file.readInto(comment, commentAt);
  const values = needed / (header.bits / 8);
  const streams = header.isCompressed ? readStreams(file, position, header.littleEndian, needed) : [];
  const last = streams.at(-1);
  const end = last === undefined ? position + needed : last.position + last.packed;
  if (end > file.size) throw truncated(file.path, end, file.size);
  return { object: { header, comment: latin1(comment), values, position, streams }, end };
}

/**
 * Every object of a file, one after another.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`
 */
export function listObjects(file: FileBytes, warnings: string[]): SurfObject[] {
  const objects: SurfObject[] = [];
  for (let at = 0; at < file.size;) {
    if (objects.length > 0) {
      const rest = new Uint8Array(Math.min(12, file.size - at));
      file.readInto(rest, at);
      if (surfSignature(rest) === null) {
        warnings.push(`${file.size - at} bytes follow the last object and are not read.`);
        break;
      }
    }
    const { object, end } = readObject(file, at);
    objects.push(object);
    if (objects.length > mostObjects) {
      throw corrupt(file.path, `it has more than ${mostObjects} objects`, 'fewer were expected');
    }
    at = end;
  }
  return objects;
}
