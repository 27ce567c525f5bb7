/** A row whose largest entry is below this share of the largest of all belongs nowhere. */
const nowhere = 1e-12;

/**
 * The column of the largest entry of every row (the first on ties): a hard division into parts.
 * @param rows row-major, k numbers each, not negative or NaN
 * @returns −1 for rows that are NaN (left out) or empty
 */
export function assignRows(rows: Float64Array, k: number): Int32Array {
  let largest = 0;
  for (let at = 0; at < rows.length; at++) if (rows[at]! > largest) largest = rows[at]!;
  const least = nowhere * largest;
  const assignment = new Int32Array(rows.length / k).fill(-1);
  for (let i = 0; i < assignment.length; i++) {
    let top = least;
    for (let j = 0; j < k; j++) {
      const value = rows[i * k + j]!;
      if (value > top) {
        top = value;
        assignment[i] = j;
      }
    }
  }
  return assignment;
}
