/**
 * Gives the memory of a large array back at once instead of when the collector comes by, which a thread that waits for
 * others may not do for long. The array is empty afterwards; shared memory is left alone.
 */
export function letGo({ buffer }: Float64Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
