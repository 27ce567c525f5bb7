/*
 * A round brush over the pixels of an image.
 *   brushRows(radius, aspect)                       which pixels it covers around its middle
 *   paintLine(set, plane, brush, from, to, value)   sweeps it along a line, without gaps
 *   nextRadius(radius, sign, most)                  the next larger or smaller one
 */

/** One row of the brush: it covers the columns from −reach to +reach around its middle. */
export interface BrushRow {
  row: number;
  reach: number;
}

/** Where the image lies among all pixels. */
export interface PaintPlane {
  width: number;
  height: number;
  /** its first pixel */
  first: number;
}

export type Place = readonly [row: number, column: number];

/**
 * The pixels whose middles lie within `radius` + ½ of the middle one, as rows from the top. It is round as it is seen:
 * the radius counts in the shorter side of a pixel, and pixels are as high as `aspect` widths. Radius 0 is one pixel.
 */
export function brushRows(radius: number, aspect = 1): readonly BrushRow[] {
  const [width, height] = aspect >= 1 ? [1, aspect] : [1 / aspect, 1];
  const outer = Math.max(0, radius) + 0.5;
  const rows = Math.floor(outer / height);
  return Array.from({ length: 2 * rows + 1 }, (_, i) => {
    const row = i - rows;
    return { row, reach: Math.floor(Math.sqrt(Math.max(0, outer ** 2 - (row * height) ** 2)) / width) };
  });
}

/** Gives the pixels under the brush a value; what lies outside the image is left. */
function stamp(
  set: Uint8Array,
  { width, height, first }: PaintPlane,
  brush: readonly BrushRow[],
  [row, column]: Place,
  value: 0 | 1,
): void {
  for (const { row: away, reach } of brush) {
    const y = row + away;
    const [left, right] = [Math.max(0, column - reach), Math.min(width, column + reach + 1)];
    if (y >= 0 && y < height && left < right) set.fill(value, first + y * width + left, first + y * width + right);
  }
}

/** Sweeps the brush from one pixel to another, both included, in steps to a neighbouring pixel (8 neighbours). */
export function paintLine(
  set: Uint8Array,
  plane: PaintPlane,
  brush: readonly BrushRow[],
  from: Place,
  to: Place,
  value: 0 | 1,
): void {
  const [down, right] = [to[0] - from[0], to[1] - from[1]];
  const steps = Math.max(Math.abs(down), Math.abs(right), 1);
  for (let i = 0; i <= steps; i++) {
    const place: Place = [from[0] + Math.round((i * down) / steps), from[1] + Math.round((i * right) / steps)];
    stamp(set, plane, brush, place, value);
  }
}

/** One pixel at a time while it is small, a sixth where single pixels would not be seen. */
export function nextRadius(radius: number, sign: 1 | -1, most: number): number {
  const step = Math.max(1, Math.round(radius / 6));
  return Math.min(most, Math.max(0, Math.round(radius) + sign * step));
}
