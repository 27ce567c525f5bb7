/**
 * Thins a curve for print: within each column of `column` mm only the first, lowest, highest and last point are
 * kept, which draws the same ink. Points [x, y, x, y, …] in mm with x monotonic; short curves are returned as they are.
 */
export function reduceRun(points: readonly number[], column: number): number[] {
  const kept: number[] = [];
  let i = 0;
  while (i < points.length) {
    const cell = Math.floor((points[i] as number) / column);
    let low = i;
    let high = i;
    let last = i;
    while (last + 2 < points.length && Math.floor((points[last + 2] as number) / column) === cell) {
      last += 2;
      if ((points[last + 1] as number) < (points[low + 1] as number)) low = last;
      if ((points[last + 1] as number) > (points[high + 1] as number)) high = last;
    }
    for (const at of [...new Set([i, low, high, last])].sort((a, b) => a - b)) {
      kept.push(points[at] as number, points[at + 1] as number);
    }
    i = last + 2;
  }
  return kept;
}
