import { freeBytes } from '../free-bytes.ts';

/** Smaller ones are not used again. */
const leastBytes = 256 * 1024;
/** Memory for unpacked chunks that is used again: asking the system for it costs more than filling it. */
const mostSpare = 2;
const mostSpareBytes = 32 * 2 ** 20;
let spare: Uint8Array[] = [];

/** Bytes with any contents. */
export function takeBytes(length: number): Uint8Array {
  const found = spare.findIndex((one) => one.length === length);
  return found < 0 ? new Uint8Array(length) : spare.splice(found, 1)[0]!;
}

/** Gives memory back at once that nobody looks at any more: the collector may not come by for long. */
export function releaseBytes(bytes: Uint8Array): void {
  const { buffer } = bytes;
  const isWorthKeeping =
    buffer instanceof ArrayBuffer && bytes.length === buffer.byteLength && bytes.length >= leastBytes;
  if (isWorthKeeping && spare.length < mostSpare && bytes.length * mostSpare <= mostSpareBytes) {
    spare.push(new Uint8Array(buffer));
  } else freeBytes(bytes);
}

/** Gives back what was held for the next chunks. */
export function releaseSpare(): void {
  spare.forEach(freeBytes);
  spare = [];
}
