/*
 * Frames of the raw modes, as the chips send them: 64-bit words whose pixels come last first. A quad of four chips sends
 * rows of four chips: the two of the lower half, turned by 180°, then the two of the upper half.
 */

export type RawDepth = 1 | 6 | 12 | 24;

/** Values of one stored run of pixels, in the order of the chip; `values` as long as the run. */
export function unpackRun(stored: Uint8Array, depth: RawDepth, values: Uint32Array): void {
  const n = values.length;
  if (depth === 1) {
    for (let i = 0; i < n; i++) {
      // within a word the last byte holds the first eight pixels, the lowest bit the first of them
      const byte = stored[(i >> 6) * 8 + 7 - ((i >> 3) & 7)]!;
      values[i] = (byte >> (i & 7)) & 1;
    }
  } else if (depth === 6) {
    for (let i = 0; i < n; i++) values[i] = stored[(i & ~7) + 7 - (i & 7)]!;
  } else {
    for (let i = 0; i < n; i++) {
      const at = 2 * ((i & ~3) + 3 - (i & 3));
      values[i] = (stored[at]! << 8) | stored[at + 1]!;
    }
    if (depth === 12) return;
    // a second counter follows with the lower twelve bits
    const low = stored.subarray(2 * n);
    for (let i = 0; i < n; i++) {
      const at = 2 * ((i & ~3) + 3 - (i & 3));
      values[i] = ((values[i]! << 12) | ((low[at]! << 8) | low[at + 1]!)) >>> 0;
    }
  }
}

/** The values of a quad in the order of the image, 2s × 2s, from rows of four chips of side s. */
export function assembleQuad(values: Uint32Array, side: number, image: Uint32Array): void {
  const width = 2 * side;
  for (let y = 0; y < side; y++) {
    const from = y * 4 * side;
    image.set(values.subarray(from + 3 * side, from + 4 * side), y * width);
    image.set(values.subarray(from + 2 * side, from + 3 * side), y * width + side);
    const turned = (width - 1 - y) * width;
    for (let x = 0; x < side; x++) {
      image[turned + side - 1 - x] = values[from + side + x]!;
      image[turned + width - 1 - x] = values[from + x]!;
    }
  }
}
