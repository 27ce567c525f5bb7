import { constants, inflateSync } from 'node:zlib';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt } from '../file-bytes.ts';
import { bestRatio, inOnePiece } from '../one-piece.ts';
import { badStream } from './mat-cursor.ts';
import type { MatPacked } from './mat-node.ts';

/** MATLAB itself keeps variables of version 7 files under 2³¹ bytes; a little more for the header of the element. */
const largestVariable = 2 ** 31 + 65536;

function compressedBytes(file: FileBytes, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  file.readInto(bytes, offset);
  return bytes;
}

/**
 * The announced size of a compressed element, from the first bytes that it unpacks to.
 * @throws EigenscopeError `corrupt-file` when it is no matrix, or more than its compressed bytes can hold
 */
export function measurePacked(file: FileBytes, offset: number, length: number, littleEndian: boolean): MatPacked {
  let start: Uint8Array;
  try {
    // a part of the stream: at most 1032 × 512 bytes come out
    start = inflateSync(compressedBytes(file, offset, Math.min(length, 512)), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    throw badStream(file.path);
  }
  if (start.length < 8) throw badStream(file.path);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const type = view.getUint32(0, littleEndian);
  const bytes = view.getUint32(4, littleEndian);
  if (type !== 14)
    throw corrupt(file.path, `a compressed element holds type ${type}`, 'a matrix (type 14) was expected');
  const size = bytes + 8;
  // a larger claim is a lie and nothing is allocated for it
  if (size > length * bestRatio.deflate + 64 || size > largestVariable) {
    throw corrupt(
      file.path,
      `a compressed variable claims ${size} bytes from ${length} compressed ones`,
      'no more than a thousand times as many are possible, and MATLAB writes less than 2 GiB',
    );
  }
  return { offset, length, size };
}

/**
 * All that a compressed element unpacks to; checks its checksum.
 * @throws EigenscopeError `corrupt-file` when it is not exactly what was announced
 */
export function inflateWhole(file: FileBytes, packed: MatPacked): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = inflateSync(compressedBytes(file, packed.offset, packed.length), {
      ...inOnePiece(packed.size, packed.length),
      maxOutputLength: packed.size,
    });
  } catch {
    throw badStream(file.path);
  }
  if (bytes.length !== packed.size) throw badStream(file.path);
  return bytes;
}
