/**
 * The one-to-one assignment of rows to columns with the largest sum, by shortest augmenting paths, O(k³).
 * @param gain k × k, row-major
 * @returns the column of every row
 * @see Jonker & Volgenant, Computing 38, 325 (1987)
 */
export function bestAssignment(gain: Float64Array, k: number): Int32Array {
  const rowPrice = new Float64Array(k);
  const columnPrice = new Float64Array(k);
  const rowOf = new Int32Array(k).fill(-1);
  for (let row = 0; row < k; row++) {
    const slack = new Float64Array(k).fill(Infinity);
    const before = new Int32Array(k).fill(-1);
    const isDone = new Uint8Array(k);
    let [at, column] = [row, -1];
    do {
      let [next, least] = [-1, Infinity];
      for (let c = 0; c < k; c++) {
        if (isDone[c] === 1) continue;
        const cost = -gain[at * k + c]! - rowPrice[at]! - columnPrice[c]!;
        if (cost < slack[c]!) {
          slack[c] = cost;
          before[c] = column;
        }
        if (next < 0 || slack[c]! < least) [next, least] = [c, slack[c]!];
      }
      rowPrice[row]! += least;
      for (let c = 0; c < k; c++) {
        if (isDone[c] === 1) {
          rowPrice[rowOf[c]!]! += least;
          columnPrice[c]! -= least;
        } else slack[c]! -= least;
      }
      isDone[next] = 1;
      column = next;
      at = rowOf[next]!;
    } while (at >= 0);
    for (; column >= 0; column = before[column]!) rowOf[column] = before[column]! < 0 ? row : rowOf[before[column]!]!;
  }
  const columnOf = new Int32Array(k);
  rowOf.forEach((row, column) => (columnOf[row] = column));
  return columnOf;
}
