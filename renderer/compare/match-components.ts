/** A component of another result that was paired with one of the reference. */
export interface ComponentMatch {
  /** index in the other result */
  component: number;
  /** |cosine| of the two factors, 0 … 1 */
  similarity: number;
  /** the cosine is negative: the other one must be turned over (factor and loading) to lie on the reference */
  isFlipped: boolean;
}

/**
 * Cosine of the angle between two factors of equal length, from −1 to 1, over the channels where both are finite
 * (left-out channels are NaN). 0 when one of them vanishes there.
 */
export function cosineOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let j = 0; j < a.length; j++) {
    const x = a[j] as number;
    const y = b[j] as number;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb))) : 0;
}

/** Pearson correlation of two maps over the pixels where both are finite; 0 when one of them is constant there. */
export function correlationOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let n = 0;
  let meanA = 0;
  let meanB = 0;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    n++;
    const dx = x - meanA;
    const dy = y - meanB;
    meanA += dx / n;
    meanB += dy / n;
    // Welford: one deviation from the old mean, one from the new
    aa += dx * (x - meanA);
    bb += dy * (y - meanB);
    ab += dx * (y - meanB);
  }
  return aa > 0 && bb > 0 ? Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb))) : 0;
}

/**
 * Pairs the components of another result with those of a reference so that the sum of |cosine| is largest, each used
 * once; pairs below `threshold` are given up.
 *
 * @param reference  factors of the reference, one array [features] per component
 * @param other      factors of the other result, the same features
 * @returns          one entry per reference component: its partner, or null
 */
export function matchComponents(
  reference: readonly ArrayLike<number>[],
  other: readonly ArrayLike<number>[],
  threshold = 0.5,
): (ComponentMatch | null)[] {
  const cosines = reference.map((a) => other.map((b) => cosineOf(a, b)));
  const partners = assignMost(cosines.map((row) => row.map(Math.abs)));
  return partners.map((component, k) => {
    if (component === null) return null;
    const cosine = cosines[k]?.[component] ?? 0;
    const similarity = Math.abs(cosine);
    return similarity >= threshold ? { component, similarity, isFlipped: cosine < 0 } : null;
  });
}

/**
 * The assignment of rows to columns with the largest total gain; each column at most once, so with more rows than
 * columns some rows get null. Gains may be any finite numbers.
 *
 * Shortest augmenting paths with potentials, O(rows² · columns).
 * @see Kuhn, Naval Research Logistics Quarterly 2, 83 (1955); Jonker & Volgenant, Computing 38, 325 (1987).
 */
export function assignMost(gains: readonly (readonly number[])[]): (number | null)[] {
  const rows = gains.length;
  const columns = gains[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return gains.map(() => null);
  if (rows > columns) {
    const turned = Array.from({ length: columns }, (_, c) => gains.map((row) => row[c] as number));
    const result: (number | null)[] = gains.map(() => null);
    assignMost(turned).forEach((row, column) => {
      if (row !== null) result[row] = column;
    });
    return result;
  }
  return assignLeastCost(gains, rows, columns);
}

function assignLeastCost(gains: readonly (readonly number[])[], rows: number, columns: number): (number | null)[] {
  // index 0 is a place outside the table, where each new row starts its search
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    const slack = new Float64Array(columns + 1).fill(Infinity);
    const cameFrom = new Int32Array(columns + 1);
    const isDone = new Uint8Array(columns + 1);
    let column = 0;
    do {
      isDone[column] = 1;
      const current = rowOf[column] as number;
      let step = Infinity;
      let next = 0;
      for (let c = 1; c <= columns; c++) {
        if (isDone[c] === 1) continue;
        const cost =
          -((gains[current - 1] as readonly number[])[c - 1] as number) -
          (rowPotential[current] as number) -
          (columnPotential[c] as number);
        if (cost < (slack[c] as number)) {
          slack[c] = cost;
          cameFrom[c] = column;
        }
        if ((slack[c] as number) < step) {
          step = slack[c] as number;
          next = c;
        }
      }
      for (let c = 0; c <= columns; c++) {
        if (isDone[c] === 1) {
          const r = rowOf[c] as number;
          rowPotential[r] = (rowPotential[r] as number) + step;
          columnPotential[c] = (columnPotential[c] as number) - step;
        } else {
          slack[c] = (slack[c] as number) - step;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      const before = cameFrom[column] as number;
      rowOf[column] = rowOf[before] as number;
      column = before;
    }
  }
  const result: (number | null)[] = Array.from({ length: rows }, () => null);
  for (let c = 1; c <= columns; c++) if (rowOf[c] !== 0) result[(rowOf[c] as number) - 1] = c - 1;
  return result;
}
