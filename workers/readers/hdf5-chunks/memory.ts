const worthReleasing = 256 * 1024;

/** Gives memory back at once: the collector may not come by for long. Small ones may be part of the pool of Node and are left alone. */
export function releaseBytes({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= worthReleasing) buffer.transfer(0);
}
