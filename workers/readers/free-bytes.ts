/** Little memory is left to the collector. */
const leastBytes = 4096;

/**
 * Gives the memory behind bytes back at once, for the collector may not come by for long: it is told of such memory only
 * by the tens of mebibytes. Nobody may look at any part of it any more. Node's pool is left alone: it has a certain size,
 * and is never given to one alone.
 */
export function freeBytes(bytes: Uint8Array): void {
  const { buffer } = bytes;
  const { byteLength } = buffer;
  const mayBePool = byteLength === Buffer.poolSize && bytes.length < byteLength;
  if (buffer instanceof ArrayBuffer && byteLength >= leastBytes && !mayBePool) buffer.transfer(0);
}
