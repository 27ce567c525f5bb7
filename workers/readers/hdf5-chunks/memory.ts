const worthReleasing = 64 * 1024;

/** Gives memory back at once: the collector may not come by for long. Small pieces may share theirs and are left alone. */
export function releaseBytes({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= worthReleasing) buffer.transfer(0);
}
