/** Little memory is left to the collector. */
const leastBytes = 4096;

/**
 * Gives the memory behind bytes back at once, for the collector may not come by for long: it is told of such memory only
 * by the tens of mebibytes. Nobody may look at any part of it any more. Node's pool is left alone, which is known by its size.
 */
export function freeBytes({ buffer }: Uint8Array): void {
  const { byteLength } = buffer;
  if (buffer instanceof ArrayBuffer && byteLength >= leastBytes && byteLength !== Buffer.poolSize) buffer.transfer(0);
}
