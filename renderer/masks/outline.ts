/** More pieces than these are not drawn sixty times a second. */
const mostPieces = 12_000;

/**
 * The border of a set of pixels as an SVG path of straight pieces, in pixels from the upper left corner of the image;
 * those across come first, then those down.
 * @param set height × width in rows from the top, 1 = in the set
 * @returns empty for an empty set, and for one with more than `most` pieces (noise, which its colour shows well enough)
 */
export function outlineOf(set: ArrayLike<number>, width: number, height: number, most = mostPieces): string {
  const across: string[] = [];
  const down: string[] = [];
  /** row where the border at the left of each column began, or −1; the image is gone through in rows, as it lies in memory */
  const since = new Int32Array(width + 1).fill(-1);
  for (let row = 0; row <= height && across.length + down.length <= most; row++) {
    const here = row * width;
    let start = -1;
    let left = 0;
    for (let column = 0; column <= width; column++) {
      const isIn = row < height && column < width ? (set[here + column] as number) : 0;
      const above = row > 0 && column < width ? (set[here - width + column] as number) : 0;
      if (isIn !== above) {
        if (start < 0) start = column;
      } else if (start >= 0) {
        across.push(`M${start} ${row}h${column - start}`);
        start = -1;
      }
      const from = since[column] as number;
      if (isIn !== left) {
        if (from < 0) since[column] = row;
      } else if (from >= 0) {
        down.push(`M${column} ${from}v${row - from}`);
        since[column] = -1;
      }
      left = isIn;
    }
  }
  return across.length + down.length > most ? '' : across.join('') + down.join('');
}
