/**
 * Undoes the differences between neighbours of a row (TIFF 6.0, section 14), in place, on numbers in native byte order.
 * @param numbers whole rows, one after another, as unsigned integers of the stored size
 * @param perRow numbers of a row; `samples` of them make a pixel
 */
export function undoDifferences(bytes: Uint8Array, numberBytes: number, perRow: number, samples: number): void {
  const count = bytes.length / numberBytes;
  if (numberBytes === 8) {
    const numbers = new BigUint64Array(bytes.buffer, bytes.byteOffset, count);
    for (let row = 0; row + perRow <= count; row += perRow) {
      for (let i = row + samples; i < row + perRow; i++) numbers[i] = numbers[i]! + numbers[i - samples]!;
    }
    return;
  }
  const numbers =
    numberBytes === 1
      ? bytes
      : numberBytes === 2
        ? new Uint16Array(bytes.buffer, bytes.byteOffset, count)
        : new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  for (let row = 0; row + perRow <= count; row += perRow) {
    for (let i = row + samples; i < row + perRow; i++) numbers[i]! += numbers[i - samples]!;
  }
}

/**
 * Undoes the floating-point predictor (Adobe Photoshop TIFF Technical Note 3): differences of bytes, each row sorted
 * into planes from the highest byte to the lowest. Gives little-endian numbers in new memory.
 */
export function undoFloatPlanes(bytes: Uint8Array, numberBytes: number, perRow: number, samples: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const rowBytes = perRow * numberBytes;
  for (let row = 0; row + rowBytes <= bytes.length; row += rowBytes) {
    for (let i = row + samples; i < row + rowBytes; i++) bytes[i]! += bytes[i - samples]!;
    for (let plane = 0; plane < numberBytes; plane++) {
      const from = row + plane * perRow;
      const to = row + numberBytes - 1 - plane;
      for (let i = 0; i < perRow; i++) out[to + i * numberBytes] = bytes[from + i]!;
    }
  }
  return out;
}
