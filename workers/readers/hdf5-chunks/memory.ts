/** Smaller ones may be part of the pool of Node and are left to the collector. */
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
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < leastBytes) return;
  if (bytes.length === buffer.byteLength && spare.length < mostSpare && bytes.length * mostSpare <= mostSpareBytes) {
    spare.push(new Uint8Array(buffer));
  } else buffer.transfer(0);
}

/** Gives back what was held for the next chunks. */
export function releaseSpare(): void {
  for (const { buffer } of spare) if (buffer instanceof ArrayBuffer) buffer.transfer(0);
  spare = [];
}
