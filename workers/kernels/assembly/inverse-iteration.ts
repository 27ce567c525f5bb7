// One eigenvector of a symmetric tridiagonal matrix by inverse iteration (Peters & Wilkinson 1971), made orthogonal to
// earlier vectors of its cluster.
import { axpy, dot, get, put, scale } from './vector';

/**
 * x (n values, a non-zero start on entry) ← eigenvector of the tridiagonal (d, e) near `value`.
 * x is kept orthogonal to the `count` vectors of n values that end right before x (stride ldx bytes, x being the next).
 * `work` is 5 n values. `tiny` replaces vanishing pivots: about 1e-16 times the norm of the matrix.
 * Returns the growth of the last solve, 1 / |residual|; 0 when the vector vanished in the orthogonalisation.
 */
export function inverseIteration(
  n: i32, d: usize, e: usize, value: f64, x: usize, ldx: usize, count: i32, tiny: f64, steps: i32, work: usize,
): f64 {
  const pivot = work;
  const u1 = pivot + (<usize>n << 3);
  const u2 = u1 + (<usize>n << 3);
  const l = u2 + (<usize>n << 3);
  const swapped = l + (<usize>n << 3);
  // LU with partial pivoting of T − value
  for (let i: i32 = 0; i < n; i++) {
    put(pivot, i, get(d, i) - value);
    put(u1, i, i < n - 1 ? get(e, i) : 0);
    put(u2, i, 0);
  }
  for (let i: i32 = 0; i < n - 1; i++) {
    const below = get(e, i);
    if (abs(get(pivot, i)) >= abs(below)) {
      put(swapped, i, 0);
      if (abs(get(pivot, i)) < tiny) put(pivot, i, copysign<f64>(tiny, get(pivot, i)));
      const f = below / get(pivot, i);
      put(l, i, f);
      put(pivot, i + 1, get(pivot, i + 1) - f * get(u1, i));
    } else {
      put(swapped, i, 1);
      const f = get(pivot, i) / below;
      put(l, i, f);
      put(pivot, i, abs(below) < tiny ? copysign<f64>(tiny, below) : below);
      const t = get(u1, i);
      put(u1, i, get(pivot, i + 1));
      put(pivot, i + 1, t - f * get(u1, i));
      if (i < n - 2) {
        put(u2, i, get(u1, i + 1));
        put(u1, i + 1, -f * get(u2, i));
      }
    }
  }
  if (abs(get(pivot, n - 1)) < tiny) put(pivot, n - 1, copysign<f64>(tiny, get(pivot, n - 1)));

  let growth: f64 = 0;
  for (let step: i32 = 0; step < steps; step++) {
    // the first right-hand side is taken as already reduced, which spares a bad start (Wilkinson)
    if (step > 0) {
      for (let i: i32 = 0; i < n - 1; i++) {
        if (get(swapped, i) != 0) {
          const t = get(x, i);
          put(x, i, get(x, i + 1));
          put(x, i + 1, t - get(l, i) * get(x, i));
        } else put(x, i + 1, get(x, i + 1) - get(l, i) * get(x, i));
      }
    }
    // back substitution; growth beyond 1e150 is scaled away before it can overflow
    for (let i: i32 = n - 1; i >= 0; i--) {
      let s = get(x, i);
      if (i < n - 1) s -= get(u1, i) * get(x, i + 1);
      if (i < n - 2) s -= get(u2, i) * get(x, i + 2);
      s /= get(pivot, i);
      put(x, i, s);
      if (abs(s) > 1e150) scale(n, 1e-150, x);
    }
    growth = unit(n, x);
    for (let again: i32 = 0; again < 2; again++) {
      for (let q: i32 = 1; q <= count; q++) {
        const other = x - <usize>q * ldx;
        axpy(n, -dot(n, x, other), other, x);
      }
      if (count > 0) {
        const left = unit(n, x);
        if (left == 0) return 0;
        growth *= left;
      }
    }
  }
  return growth;
}

/** Scales x to length 1; returns the length it had. */
function unit(n: i32, x: usize): f64 {
  let largest: f64 = 0;
  for (let i: i32 = 0; i < n; i++) largest = max<f64>(largest, abs(get(x, i)));
  if (largest == 0) return 0;
  scale(n, 1 / largest, x);
  const length = sqrt(dot(n, x, x));
  scale(n, 1 / length, x);
  return length * largest;
}
