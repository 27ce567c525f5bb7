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

/**
 * A place for every label ≥ 0 that has room for one, rising labels: its deepest free pixel, of equally deep ones the
 * one nearest to the middle of the image. Deep labels choose first; the corner is taken only where nothing else is free.
 */
export function tagPlaces(labels: ArrayLike<number>, depths: Int32Array, width: number, room: TagRoom): TagPlace[] {
  const height = width === 0 ? 0 : depths.length / width;
  const pixelsOf = new Map<number, number[]>();
  for (let p = 0; p < depths.length; p++) {
    const label = labels[p] as number;
    if (label < 0 || (depths[p] as number) * room.pixel <= room.least) continue;
    const known = pixelsOf.get(label);
    if (known === undefined) pixelsOf.set(label, [p]);
    else known.push(p);
  }
  const placeOf = (p: number) => ({ row: Math.floor(p / width), column: p % width });
  const fromMiddle = (p: number): number => {
    const { row, column } = placeOf(p);
    return Math.hypot((column - (width - 1) / 2) * room.pixel, (row - (height - 1) / 2) * room.row);
  };
  const inCorner = (p: number): boolean => {
    const { row, column } = placeOf(p);
    return column * room.pixel < room.corner[0] && (height - row) * room.row < room.corner[1];
  };
  const ranked = [...pixelsOf].map(([label, pixels]) => ({
    label,
    pixels: pixels
      .map((p) => ({ p, depth: depths[p] as number, far: fromMiddle(p) }))
      .sort((a, b) => b.depth - a.depth || a.far - b.far),
  }));
  ranked.sort((a, b) => (b.pixels[0]?.depth ?? 0) - (a.pixels[0]?.depth ?? 0) || a.label - b.label);
  const placed: TagPlace[] = [];
  for (const { label, pixels } of ranked) {
    const free = pixels.filter(({ p }) => {
      const { row, column } = placeOf(p);
      return placed.every(
        (other) => Math.hypot((column - other.column) * room.pixel, (row - other.row) * room.row) >= room.apart,
      );
    });
    const best = free.find(({ p }) => !inCorner(p)) ?? free[0];
    if (best !== undefined) placed.push({ label, ...placeOf(best.p) });
  }
  return placed.sort((a, b) => a.label - b.label);
}
