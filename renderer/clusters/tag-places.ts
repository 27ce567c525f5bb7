/** Where the number of a label can stand: a pixel of its own, as far from all others as there is room. */
export interface TagPlace {
  label: number;
  row: number;
  column: number;
}

/** How large things are on the screen, in its pixels. */
export interface TagRoom {
  /** width and height of a data pixel */
  pixel: number;
  row: number;
  /** tags are at least so far from each other */
  apart: number;
  /** a tag needs so many around it that belong to its label */
  least: number;
  /** what stands in the lower left corner and is not covered: width and height */
  corner: readonly [width: number, height: number];
}

/**
 * Steps from every pixel of an image in rows to the nearest pixel of another label or the edge: city-block distances in
 * two sweeps (Rosenfeld & Pfaltz, J. ACM 13, 471 (1966)).
 */
export function labelDepths(labels: ArrayLike<number>, width: number, height: number): Int32Array {
  const depth = new Int32Array(width * height);
  const reach = (p: number, other: number): number => (labels[p] === labels[other] ? (depth[other] as number) + 1 : 1);
  for (let row = 0, p = 0; row < height; row++) {
    for (let column = 0; column < width; column++, p++) {
      depth[p] = Math.min(row === 0 ? 1 : reach(p, p - width), column === 0 ? 1 : reach(p, p - 1));
    }
  }
  for (let row = height - 1; row >= 0; row--) {
    for (let column = width - 1; column >= 0; column--) {
      const p = row * width + column;
      const down = row === height - 1 ? 1 : reach(p, p + width);
      const right = column === width - 1 ? 1 : reach(p, p + 1);
      depth[p] = Math.min(depth[p] as number, down, right);
    }
  }
  return depth;
}

/** The best pixel of a label so far. */
interface Choice {
  p: number;
  depth: number;
  /** square of the distance from the middle of the image */
  far: number;
}

/**
 * A place for every label ≥ 0 that has room for one, rising labels: its deepest free pixel, of equally deep ones the
 * one nearest to the middle of the image. Deep labels choose first; the corner is taken only where nothing else is free.
 */
export function tagPlaces(labels: ArrayLike<number>, depths: Int32Array, width: number, room: TagRoom): TagPlace[] {
  const height = width === 0 ? 0 : depths.length / width;
  const isDeep = (p: number): boolean => (depths[p] as number) * room.pixel > room.least;
  let count = 0;
  for (let p = 0; p < depths.length; p++) count = Math.max(count, (labels[p] as number) + 1);
  // the pixels of each label behind one another
  const ends = new Int32Array(count + 1);
  const deepest = new Int32Array(count);
  for (let p = 0; p < depths.length; p++) {
    const label = labels[p] as number;
    if (label < 0 || !isDeep(p)) continue;
    ends[label + 1]! += 1;
    deepest[label] = Math.max(deepest[label] as number, depths[p] as number);
  }
  for (let label = 0; label < count; label++) ends[label + 1]! += ends[label] as number;
  const pixels = new Int32Array(ends[count] as number);
  const next = ends.slice();
  for (let p = 0; p < depths.length; p++) {
    const label = labels[p] as number;
    if (label >= 0 && isDeep(p)) pixels[next[label]!++] = p;
  }
  const placed: TagPlace[] = [];
  const square = (columns: number, rows: number): number => (columns * room.pixel) ** 2 + (rows * room.row) ** 2;
  const isFree = (row: number, column: number): boolean =>
    placed.every((other) => square(column - other.column, row - other.row) >= room.apart ** 2);
  const isInCorner = (row: number, column: number): boolean =>
    column * room.pixel < room.corner[0] && (height - row) * room.row < room.corner[1];

  const ranked = Array.from(deepest, (depth, label) => ({ label, depth })).sort(
    (a, b) => b.depth - a.depth || a.label - b.label,
  );
  for (const { label } of ranked) {
    const best: Choice = { p: -1, depth: 0, far: Infinity };
    const inCorner: Choice = { ...best };
    for (let i = ends[label] as number; i < (ends[label + 1] as number); i++) {
      const p = pixels[i] as number;
      const depth = depths[p] as number;
      // most are not looked at more closely
      if (depth < best.depth) continue;
      const row = Math.floor(p / width);
      const column = p - row * width;
      const choice = isInCorner(row, column) ? inCorner : best;
      const far = square(column - (width - 1) / 2, row - (height - 1) / 2);
      if (depth < choice.depth || (depth === choice.depth && far >= choice.far) || !isFree(row, column)) continue;
      choice.p = p;
      choice.depth = depth;
      choice.far = far;
    }
    const { p } = best.p >= 0 ? best : inCorner;
    if (p >= 0) placed.push({ label, row: Math.floor(p / width), column: p % width });
  }
  return placed.sort((a, b) => a.label - b.label);
}
