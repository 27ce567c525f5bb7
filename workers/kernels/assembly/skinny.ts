// Products of a long matrix X (rows × cols, float32 or float64) with few columns, for methods that look at X again and
// again. Tall blocks of C would waste lanes on padding and packing X would cost as much as the product: here rows of X are
// read in place, two at a time, and meet up to six rows of the other factor at once.
import { dots32_1, dots32_2, dots64_1, dots64_2, outer32_1, outer32_2, outer64_1, outer64_2 } from './skinny.gen';

const mostColumns: i32 = 6;
/** bytes of the other factor that stay in the first-level cache beside two rows of X */
const cached: i32 = 24576;

/** Columns of X at once. */
// @ts-ignore: decorator
@inline
function slabOf(k: i32, size: i32): i32 {
  return max<i32>(128, min<i32>(4096, (cached / (k * size)) & ~31));
}

/** Size of a group of columns so that all groups are nearly equal. */
// @ts-ignore: decorator
@inline
function groupSize(left: i32): i32 {
  const groups = (left + mostColumns - 1) / mostColumns;
  return (left + groups - 1) / groups;
}

/** C (rows × k, float64) += X · Hᵀ; X and H (k × cols) are float64. */
export function skinnyDots64(
  rows: i32, cols: i32, k: i32, x: usize, ldx: usize, h: usize, ldh: usize, c: usize,
): void {
  const ldc = <usize>k << 3;
  const slab = slabOf(k, 8);
  for (let j: i32 = 0; j < cols; j += slab) {
    const n = min<i32>(slab, cols - j);
    const from = <usize>j << 3;
    for (let r: i32 = 0; r < rows; r += 2) {
      const row = x + <usize>r * ldx + from;
      for (let t: i32 = 0; t < k;) {
        const columns = groupSize(k - t);
        const target = c + <usize>r * ldc + (<usize>t << 3);
        const factor = h + <usize>t * ldh + from;
        if (r + 1 < rows) dots64_2(columns, n, row, ldx, factor, ldh, target, ldc);
        else dots64_1(columns, n, row, ldx, factor, ldh, target, ldc);
        t += columns;
      }
    }
  }
}

/** C (rows × k, float64) += X · Hᵀ; X and H are float32, as are the sums over at most 4096 columns, four lanes each. */
export function skinnyDots32(
  rows: i32, cols: i32, k: i32, x: usize, ldx: usize, h: usize, ldh: usize, c: usize,
): void {
  const ldc = <usize>k << 3;
  const slab = slabOf(k, 4);
  for (let j: i32 = 0; j < cols; j += slab) {
    const n = min<i32>(slab, cols - j);
    const from = <usize>j << 2;
    for (let r: i32 = 0; r < rows; r += 2) {
      const row = x + <usize>r * ldx + from;
      for (let t: i32 = 0; t < k;) {
        const columns = groupSize(k - t);
        const target = c + <usize>r * ldc + (<usize>t << 3);
        const factor = h + <usize>t * ldh + from;
        if (r + 1 < rows) dots32_2(columns, n, row, ldx, factor, ldh, target, ldc);
        else dots32_1(columns, n, row, ldx, factor, ldh, target, ldc);
        t += columns;
      }
    }
  }
}

/** B (k × cols, float64) += Wᵀ · X; W (rows × k) and X are float64. */
export function skinnyOuter64(
  rows: i32, cols: i32, k: i32, x: usize, ldx: usize, w: usize, b: usize, ldb: usize,
): void {
  const ldw = <usize>k << 3;
  const slab = slabOf(k, 8);
  for (let j: i32 = 0; j < cols; j += slab) {
    const n = min<i32>(slab, cols - j);
    const from = <usize>j << 3;
    for (let r: i32 = 0; r < rows; r += 2) {
      const row = x + <usize>r * ldx + from;
      for (let t: i32 = 0; t < k;) {
        const columns = groupSize(k - t);
        const factor = w + <usize>r * ldw + (<usize>t << 3);
        const target = b + <usize>t * ldb + from;
        if (r + 1 < rows) outer64_2(columns, n, row, ldx, factor, ldw, target, ldb);
        else outer64_1(columns, n, row, ldx, factor, ldw, target, ldb);
        t += columns;
      }
    }
  }
}

/** B (k × cols, float32) += Wᵀ · X; W (rows × k) is float64, X float32. Few rows at a time keep B exact to about 1e-7. */
export function skinnyOuter32(
  rows: i32, cols: i32, k: i32, x: usize, ldx: usize, w: usize, b: usize, ldb: usize,
): void {
  const ldw = <usize>k << 3;
  const slab = slabOf(k, 4);
  for (let j: i32 = 0; j < cols; j += slab) {
    const n = min<i32>(slab, cols - j);
    const from = <usize>j << 2;
    for (let r: i32 = 0; r < rows; r += 2) {
      const row = x + <usize>r * ldx + from;
      for (let t: i32 = 0; t < k;) {
        const columns = groupSize(k - t);
        const factor = w + <usize>r * ldw + (<usize>t << 3);
        const target = b + <usize>t * ldb + from;
        if (r + 1 < rows) outer32_2(columns, n, row, ldx, factor, ldw, target, ldb);
        else outer32_1(columns, n, row, ldx, factor, ldw, target, ldb);
        t += columns;
      }
    }
  }
}
