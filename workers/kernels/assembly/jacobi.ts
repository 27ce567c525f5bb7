// One-sided Jacobi: makes the rows of B orthogonal by plane rotations (Hestenes 1958; Drmač & Veselić 2008).
import { dot, get, put, rotate } from './vector';

/** Squared lengths below this (rows are scaled to about 1) count as zero. */
const negligible: f64 = 1e-280;

/**
 * Rotates row order[p] against rows order[p + 1 …] of B (count rows of m values); V (count rows of nv values) follows.
 * `squares` holds the squared lengths of the rows of B and is kept up to date. Rows count as orthogonal when the cosine
 * of their angle is at most `tolerance`. Returns the number of rotations.
 */
export function orthogonalizeRow(
  p: i32, count: i32, m: i32, b: usize, nv: i32, v: usize, squares: usize, order: usize, tolerance: f64,
): i32 {
  let rotations: i32 = 0;
  const first = load<i32>(order + (<usize>p << 2));
  const x = b + ((<usize>first * <usize>m) << 3);
  for (let q: i32 = p + 1; q < count; q++) {
    const second = load<i32>(order + (<usize>q << 2));
    const alpha = get(squares, first);
    const beta = get(squares, second);
    if (alpha < negligible || beta < negligible) continue;
    const y = b + ((<usize>second * <usize>m) << 3);
    const gamma = dot(m, x, y);
    if (abs(gamma) <= tolerance * sqrt(alpha) * sqrt(beta)) continue;
    const zeta = (beta - alpha) / (2 * gamma);
    const t = copysign<f64>(1, zeta) / (abs(zeta) + (abs(zeta) > 1e150 ? abs(zeta) : sqrt(1 + zeta * zeta)));
    const c = 1 / sqrt(1 + t * t);
    const s = c * t;
    rotate(m, x, y, c, s);
    rotate(nv, v + ((<usize>first * <usize>nv) << 3), v + ((<usize>second * <usize>nv) << 3), c, s);
    // recomputed rather than updated: after a large cancellation the updated value would have no digits
    put(squares, first, dot(m, x, x));
    put(squares, second, dot(m, y, y));
    rotations++;
  }
  return rotations;
}
