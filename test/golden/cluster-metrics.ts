/** The metrics of fixtures/README.md that clusterings need. Points with label −1 on either side are left out. */

/** Adjusted Rand index of two labellings (Hubert & Arabie 1985). 1 = the same partition. */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} labels instead of ${b.length}`);
  const table = new Map<string, number>();
  const rows = new Map<number, number>();
  const cols = new Map<number, number>();
  let n = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x < 0 || y < 0) continue;
    n++;
    table.set(`${x} ${y}`, (table.get(`${x} ${y}`) ?? 0) + 1);
    rows.set(x, (rows.get(x) ?? 0) + 1);
    cols.set(y, (cols.get(y) ?? 0) + 1);
  }
  const pairs = (counts: Iterable<number>): number => [...counts].reduce((sum, c) => sum + (c * (c - 1)) / 2, 0);
  const both = pairs(table.values());
  const [inA, inB, all] = [pairs(rows.values()), pairs(cols.values()), (n * (n - 1)) / 2];
  const byChance = (inA * inB) / all;
  const most = (inA + inB) / 2;
  return most === byChance ? 1 : (both - byChance) / (most - byChance);
}

/** Σ of squared distances to the means of the labelled groups of rows of `space` [n × cols], left-out rows absent. */
export function inertiaOf(space: Float64Array, cols: number, labels: ArrayLike<number>): number {
  const kept = Array.from(labels).filter((label) => label >= 0);
  if (kept.length * cols !== space.length) throw new Error('The space has other rows than the labels');
  const sums = new Map<number, { count: number; sum: Float64Array }>();
  kept.forEach((label, i) => {
    const group = sums.get(label) ?? { count: 0, sum: new Float64Array(cols) };
    sums.set(label, group);
    group.count++;
    for (let j = 0; j < cols; j++) group.sum[j]! += space[i * cols + j]!;
  });
  let total = 0;
  kept.forEach((label, i) => {
    const { count, sum } = sums.get(label)!;
    for (let j = 0; j < cols; j++) total += (space[i * cols + j]! - sum[j]! / count) ** 2;
  });
  return total;
}

/** Relative Frobenius difference of rows per cluster, after matching clusters by their overlap. NaN must agree. */
export function matchedRows(
  ours: ArrayLike<number>,
  ourLabels: ArrayLike<number>,
  expected: ArrayLike<number>,
  labels: ArrayLike<number>,
  k: number,
): number {
  const cols = expected.length / k;
  let [difference, norm] = [0, 0];
  for (let c = 0; c < k; c++) {
    const overlap = new Array<number>(k).fill(0);
    for (let i = 0; i < labels.length; i++) if (labels[i] === c && ourLabels[i]! >= 0) overlap[ourLabels[i]!]!++;
    const match = overlap.indexOf(Math.max(...overlap));
    for (let j = 0; j < cols; j++) {
      const [a, b] = [ours[match * cols + j]!, expected[c * cols + j]!];
      if (Number.isNaN(a) !== Number.isNaN(b)) return Infinity;
      if (Number.isNaN(a)) continue;
      difference += (a - b) ** 2;
      norm += b * b;
    }
  }
  return Math.sqrt(difference / norm);
}
