import { zstdDecompressSync } from 'node:zlib';
import { kernels } from '../../kernels/kernels.ts';
import { freeBytes } from '../free-bytes.ts';
import { inOnePiece } from '../one-piece.ts';
import { memoryOf } from './unpack-kernels.ts';

/** For a frame up to this size, starting the library and the memory it leaves cost more than unpacking it here. */
const smallBytes = 32 * 1024;
/** Behind each buffer of the kernel, which moves bytes by the sixteen. */
const padBytes = 32;

/** A small frame in the memory of the kernels; false when it is left to the library. */
function unpackSmall(from: Uint8Array, to: Uint8Array): boolean {
  return kernels().scope((allocate) => {
    const packed = allocate(from.length + padBytes);
    const unpacked = allocate(to.length + padBytes);
    const literals = allocate(to.length + padBytes);
    const memory = memoryOf(packed);
    memory.set(from, packed);
    if (kernels().run.unpackZstd(packed, from.length, unpacked, to.length, literals) === 0) return false;
    to.set(memory.subarray(unpacked, unpacked + to.length));
    return true;
  });
}

/**
 * Unpacks a Zstandard frame without leaving memory to the collector.
 * @returns whether it filled `to` exactly
 */
export function unpackZstdFrame(from: Uint8Array, to: Uint8Array): boolean {
  if (to.length <= smallBytes && from.length <= 2 * smallBytes && unpackSmall(from, to)) return true;
  let unpacked: Uint8Array;
  try {
    unpacked = zstdDecompressSync(from, { maxOutputLength: to.length, ...inOnePiece(to.length, from.length, 'zstd') });
  } catch {
    return false;
  }
  const fits = unpacked.length === to.length;
  if (fits) to.set(unpacked);
  freeBytes(unpacked);
  return fits;
}
