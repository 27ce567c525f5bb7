import type { Plane } from './jpeg-scan.ts';

/*
 * Colours of half resolution are brought to full resolution with weights 3 : 1 of the nearer and the farther sample, the
 * roundings alternating, as the Independent JPEG Group's library does by default.
 */

function doubleColumns(row: Int32Array, width: number, out: Uint8Array, at: number, scale: 1 | 4): void {
  const [shift, even, odd] = scale === 1 ? [2, 1, 2] : [4, 8, 7];
  const [firstRound, lastRound] = scale === 1 ? [0, 0] : [8, 7];
  for (let i = 0; i < width; i++) {
    const here = row[i]!;
    out[at + 2 * i] = i === 0 ? (here * 4 + firstRound) >> shift : (here * 3 + row[i - 1]! + even) >> shift;
    out[at + 2 * i + 1] = i === width - 1 ? (here * 4 + lastRound) >> shift : (here * 3 + row[i + 1]! + odd) >> shift;
  }
}

function repeat(plane: Plane, h: number, v: number): Plane {
  const stride = plane.stride * h;
  const bytes = new Uint8Array(stride * plane.height * v);
  for (let y = 0; y < plane.height * v; y++) {
    const from = Math.floor(y / v) * plane.stride;
    for (let x = 0; x < plane.width * h; x++) bytes[y * stride + x] = plane.bytes[from + Math.floor(x / h)]!;
  }
  return { bytes, stride, width: plane.width * h, height: plane.height * v };
}

/** A plane with `h` times the columns and `v` times the rows. */
export function upsample(plane: Plane, h: number, v: number): Plane {
  if (h === 1 && v === 1) return plane;
  const smooth = (h === 2 && v <= 2 && plane.width > 2) || (h === 1 && v === 2);
  if (!smooth) return repeat(plane, h, v);
  const { width, height, stride: from, bytes } = plane;
  const stride = width * h;
  const out = new Uint8Array(stride * height * v);
  const sums = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    for (let sub = 0; sub < v; sub++) {
      const at = (y * v + sub) * stride;
      // the row that is next to this half; the picture's edge is its own neighbour
      const other = v === 1 ? y : Math.min(height - 1, Math.max(0, sub === 0 ? y - 1 : y + 1));
      if (v === 1) {
        for (let x = 0; x < width; x++) sums[x] = bytes[y * from + x]!;
        doubleColumns(sums, width, out, at, 1);
        continue;
      }
      for (let x = 0; x < width; x++) sums[x] = bytes[y * from + x]! * 3 + bytes[other * from + x]!;
      if (h === 2) doubleColumns(sums, width, out, at, 4);
      else for (let x = 0; x < width; x++) out[at + x] = (sums[x]! + (sub === 0 ? 1 : 2)) >> 2;
    }
  }
  return { bytes: out, stride, width: stride, height: height * v };
}
