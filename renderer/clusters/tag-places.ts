/** Where the number of a label can stand: its pixel that is farthest from all others. */
export interface TagPlace {
  label: number;
  row: number;
  column: number;
  /** steps to the nearest pixel of another label or the edge */
  depth: number;
}

/**
 * The deepest pixel of every label ≥ 0 in an image in rows: city-block distances in two sweeps
 * (Rosenfeld & Pfaltz, J. ACM 13, 471 (1966)). Rising labels; labels without a pixel are left out.
 */
export function tagPlaces(labels: ArrayLike<number>, width: number, height: number): TagPlace[] {
  const depth = new Int32Array(width * height);
  const reach = (p: number, other: number): number => (labels[p] === labels[other] ? (depth[other] as number) + 1 : 1);
  for (let row = 0, p = 0; row < height; row++) {
    for (let column = 0; column < width; column++, p++) {
      depth[p] = Math.min(row === 0 ? 1 : reach(p, p - width), column === 0 ? 1 : reach(p, p - 1));
    }
  }
  const best = new Map<number, TagPlace>();
  for (let row = height - 1; row >= 0; row--) {
    for (let column = width - 1; column >= 0; column--) {
      const p = row * width + column;
      const down = row === height - 1 ? 1 : reach(p, p + width);
      const right = column === width - 1 ? 1 : reach(p, p + 1);
      const d = Math.min(depth[p] as number, down, right);
      depth[p] = d;
      const label = labels[p] as number;
      if (label >= 0 && d > (best.get(label)?.depth ?? 0)) best.set(label, { label, row, column, depth: d });
    }
  }
  return [...best.values()].sort((a, b) => a.label - b.label);
}
