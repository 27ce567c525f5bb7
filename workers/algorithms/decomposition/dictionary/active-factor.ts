/**
 * Cholesky factor of K_SS for a growing and shrinking set S of rows of a symmetric matrix K [k × k], in order of joining.
 * Appending costs |S|², removing what follows the removed one.
 */
export interface ActiveFactor {
  /** the set, of which the first `size()` entries count */
  readonly members: Int32Array;
  size(): number;
  clear(): void;
  /** Adds j; false, and S stays, when row j depends on the others to rounding. */
  append(j: number): boolean;
  /** Removes the member at this place. */
  remove(place: number): void;
  /** x ← K_SS⁻¹ x, by place in S. */
  solve(x: Float64Array): void;
}

/** A pivot below this share of the diagonal is rounding: the atom depends on those in the set. */
const dependent = 1e-12;

/** @param gram K, row-major; read at every call, so it may change between `clear`s */
export function createActiveFactor(gram: Float64Array, k: number): ActiveFactor {
  const members = new Int32Array(k);
  const factor = new Float64Array(k * k);
  const inverseDiagonal = new Float64Array(k);
  let size = 0;

  function addRow(place: number, j: number): boolean {
    const at = place * k;
    let pivot = gram[j * k + j]!;
    const least = dependent * pivot;
    for (let i = 0; i < place; i++) {
      let sum = gram[j * k + members[i]!]!;
      for (let q = 0; q < i; q++) sum -= factor[at + q]! * factor[i * k + q]!;
      const value = sum * inverseDiagonal[i]!;
      factor[at + i] = value;
      pivot -= value * value;
    }
    if (!(pivot > least)) return false;
    inverseDiagonal[place] = 1 / Math.sqrt(pivot);
    members[place] = j;
    return true;
  }

  return {
    members,
    size: () => size,
    clear() {
      size = 0;
    },
    append(j) {
      const added = addRow(size, j);
      if (added) size++;
      return added;
    },
    remove(place) {
      const rest = members.slice(place + 1, size);
      size = place;
      for (const j of rest) if (addRow(size, j)) size++;
    },
    solve(x) {
      for (let i = 0; i < size; i++) {
        let sum = x[i]!;
        for (let q = 0; q < i; q++) sum -= factor[i * k + q]! * x[q]!;
        x[i] = sum * inverseDiagonal[i]!;
      }
      for (let i = size - 1; i >= 0; i--) {
        let sum = x[i]!;
        for (let q = i + 1; q < size; q++) sum -= factor[q * k + i]! * x[q]!;
        x[i] = sum * inverseDiagonal[i]!;
      }
    },
  };
}
