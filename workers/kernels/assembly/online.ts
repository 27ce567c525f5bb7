// Inner loops of the online robust factorisations. A subspace D of k components in m entries is stored component after
// component, each padded with zeros to a multiple of 8 entries, so that no loop has a tail. Entry by entry
//   soft(u) = sign(u)·max(|u| − λ, 0),  e = clip(soft(u), ±top),  ψ = u − e,
// and |e| strictly between 0 and top is "outside": there ψ is constant, elsewhere it grows with u.
import { madd64, sumLanes, at } from './vector';

/** Entries worked on together: what belongs to them stays in the first-level cache. */
const chunk: i32 = 256;

// @ts-ignore: decorator
@inline
function clip(x: v128, low: v128, high: v128): v128 {
  return f64x2.pmin(high, f64x2.pmax(low, x));
}

/** out = f · base + Σ_j c_j X_j over k arrays `ld` bytes apart; `base` may be 0 for none, `out` may be one of them. Returns ‖out‖². */
export function combine(n: i32, k: i32, x: usize, ld: usize, c: usize, f: f64, base: usize, out: usize): f64 {
  let sum0: v128 = f64x2.splat(0);
  let sum1: v128 = f64x2.splat(0);
  const F = f64x2.splat(f);
  for (let i: i32 = 0; i < n; i += 8) {
    const offset = (<usize>i) << 3;
    let a0: v128 = f64x2.splat(0);
    let a1: v128 = a0;
    let a2: v128 = a0;
    let a3: v128 = a0;
    if (base) {
      const b = base + offset;
      a0 = f64x2.mul(F, v128.load(b));
      a1 = f64x2.mul(F, v128.load(b, 16));
      a2 = f64x2.mul(F, v128.load(b, 32));
      a3 = f64x2.mul(F, v128.load(b, 48));
    }
    let from = x + offset;
    for (let j: i32 = 0; j < k; j++) {
      const C = v128.load64_splat(at(c, j));
      a0 = madd64(C, v128.load(from), a0);
      a1 = madd64(C, v128.load(from, 16), a1);
      a2 = madd64(C, v128.load(from, 32), a2);
      a3 = madd64(C, v128.load(from, 48), a3);
      from += ld;
    }
    const to = out + offset;
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, a2, 32);
    v128.store(to, a3, 48);
    sum0 = madd64(a0, a0, madd64(a1, a1, sum0));
    sum1 = madd64(a2, a2, madd64(a3, a3, sum1));
  }
  return sumLanes(f64x2.add(sum0, sum1));
}

/** g_j += Σ D_j x over `count` entries. */
// @ts-ignore: decorator
@inline
function addDots(count: i32, k: i32, d: usize, ld: usize, x: usize, g: usize): void {
  for (let j: i32 = 0; j < k; j++) {
    let s0: v128 = f64x2.splat(0);
    let s1: v128 = s0;
    let s2: v128 = s0;
    let s3: v128 = s0;
    let p = x;
    let q = d + <usize>j * ld;
    for (let i: i32 = 0; i < count; i += 8) {
      s0 = madd64(v128.load(p), v128.load(q), s0);
      s1 = madd64(v128.load(p, 16), v128.load(q, 16), s1);
      s2 = madd64(v128.load(p, 32), v128.load(q, 32), s2);
      s3 = madd64(v128.load(p, 48), v128.load(q, 48), s3);
      p += 64;
      q += 64;
    }
    const to = at(g, j);
    store<f64>(to, load<f64>(to) + sumLanes(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))));
  }
}

/** g = Dᵀx. */
export function project(n: i32, k: i32, d: usize, ld: usize, x: usize, g: usize): void {
  memory.fill(g, 0, (<usize>k) << 3);
  for (let i: i32 = 0; i < n; i += chunk) {
    const offset = (<usize>i) << 3;
    addDots(min(chunk, n - i), k, d + offset, ld, x + offset, g);
  }
}

/**
 * One step of the alternation: u = z − D r, e ← clip(soft(u), ±top), t = z − e, g = Dᵀt.
 * `c` holds −r. Returns ‖change of e‖².
 */
export function alternate(
  n: i32,
  k: i32,
  d: usize,
  ld: usize,
  z: usize,
  c: usize,
  lambda: f64,
  top: f64,
  u: usize,
  e: usize,
  t: usize,
  g: usize,
): f64 {
  const high = f64x2.splat(lambda);
  const low = f64x2.splat(-lambda);
  const highest = f64x2.splat(top);
  const lowest = f64x2.splat(-top);
  let change: v128 = f64x2.splat(0);
  memory.fill(g, 0, (<usize>k) << 3);
  for (let i: i32 = 0; i < n; i += chunk) {
    const offset = (<usize>i) << 3;
    const count = min(chunk, n - i);
    combine(count, k, d + offset, ld, c, 1, z + offset, u + offset);
    const end = offset + ((<usize>count) << 3);
    for (let o = offset; o < end; o += 16) {
      const value = v128.load(u + o);
      const sparse = clip(f64x2.sub(value, clip(value, low, high)), lowest, highest);
      const step = f64x2.sub(sparse, v128.load(e + o));
      v128.store(e + o, sparse);
      v128.store(t + o, f64x2.sub(v128.load(z + o), sparse));
      change = madd64(step, step, change);
    }
    addDots(count, k, d + offset, ld, t + offset, g);
  }
  return sumLanes(change);
}

/** Entries gathered before their products are added up. */
const gathered: i32 = 512;

/**
 * g = Dᵀψ(u) and the lower triangle of H = Σ_i w_i D_i D_iᵀ (k × k): w is 1 where ψ grows and `outside` · λ/|u| where it
 * does not. Where `outside` is 0 only the entries that count are gathered, which are often few. Returns the number of
 * entries where ψ grows. `work` takes 512 k + 520 numbers.
 */
export function huberSystem(
  n: i32,
  k: i32,
  d: usize,
  ld: usize,
  u: usize,
  lambda: f64,
  top: f64,
  outside: f64,
  g: usize,
  h: usize,
  work: usize,
): f64 {
  const L = f64x2.splat(lambda);
  const far = f64x2.splat(lambda + top);
  const low = f64x2.splat(-lambda);
  const T = f64x2.splat(top);
  const lowT = f64x2.splat(-top);
  const one = f64x2.splat(1);
  const O = f64x2.splat(outside * lambda);
  const width = <usize>gathered << 3;
  const columns = work;
  const psi = columns + <usize>k * width;
  // the weights of a chunk, or the places of the entries that count
  const places = psi + (<usize>chunk << 3);
  let inside: i32 = 0;
  let held: i32 = 0;
  memory.fill(g, 0, (<usize>k) << 3);
  memory.fill(h, 0, (<usize>(k * k)) << 3);
  for (let i: i32 = 0; i < n; i += chunk) {
    const offset = (<usize>i) << 3;
    const count = min(chunk, n - i);
    const bytes = (<usize>count) << 3;
    let found: i32 = 0;
    for (let o: usize = 0; o < bytes; o += 16) {
      const value = v128.load(u + offset + o);
      const size = f64x2.abs(value);
      const sparse = clip(f64x2.sub(value, clip(value, low, L)), lowT, T);
      v128.store(psi + o, f64x2.sub(value, sparse));
      const grows = v128.or(f64x2.le(size, L), f64x2.ge(size, far));
      const bits = i64x2.bitmask(grows);
      if (outside > 0) {
        v128.store(places + o, v128.bitselect(one, f64x2.div(O, size), grows));
        found += (bits & 1) + (bits >> 1);
      } else {
        store<i32>(places + ((<usize>found) << 2), <i32>o);
        found += bits & 1;
        store<i32>(places + ((<usize>found) << 2), <i32>o + 8);
        found += bits >> 1;
      }
    }
    inside += found;
    addDots(count, k, d + offset, ld, psi, g);
    if (outside > 0) {
      for (let j: i32 = 0; j < k; j++) {
        const from = d + <usize>j * ld + offset;
        for (let o: usize = 0; o < bytes; o += 16) {
          v128.store(columns + o, f64x2.mul(v128.load(places + o), v128.load(from + o)));
        }
        addDots(count, j + 1, d + offset, ld, columns, at(h, j * k));
      }
      continue;
    }
    for (let j: i32 = 0; j < k; j++) {
      const from = d + <usize>j * ld + offset;
      const to = at(columns + <usize>j * width, held);
      for (let q: i32 = 0; q < found; q++) {
        store<f64>(at(to, q), load<f64>(from + load<i32>(places + ((<usize>q) << 2))));
      }
    }
    held += found;
    if (held + chunk > gathered || i + chunk >= n) {
      const filled = (held + 7) & ~7;
      for (let j: i32 = 0; j < k; j++) {
        const column = columns + <usize>j * width;
        memory.fill(at(column, held), 0, (<usize>(filled - held)) << 3);
        addDots(filled, j + 1, columns, width, column, at(h, j * k));
      }
      held = 0;
    }
  }
  return <f64>inside;
}

/**
 * Along u − t·w: out[0] = −Σ w ψ(u − t w), the slope of the loss; out[1] its growth Σ w² where ψ grows;
 * out[2] the number of entries that are on another piece of ψ at the end of the step.
 */
export function huberSlope(n: i32, u: usize, w: usize, t: f64, lambda: f64, top: f64, out: usize): void {
  const L = f64x2.splat(lambda);
  const far = f64x2.splat(lambda + top);
  const low = f64x2.splat(-lambda);
  const T = f64x2.splat(top);
  const lowT = f64x2.splat(-top);
  const step = f64x2.splat(-t);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  let slope: v128 = f64x2.splat(0);
  let growth: v128 = f64x2.splat(0);
  let changed: v128 = f64x2.splat(0);
  const bytes = (<usize>n) << 3;
  for (let o: usize = 0; o < bytes; o += 16) {
    const before = v128.load(u + o);
    const direction = v128.load(w + o);
    const value = madd64(step, direction, before);
    const size = f64x2.abs(value);
    const old = f64x2.abs(before);
    const sparse = clip(f64x2.sub(value, clip(value, low, L)), lowT, T);
    const grows = v128.or(f64x2.le(size, L), f64x2.ge(size, far));
    const grew = v128.or(f64x2.le(old, L), f64x2.ge(old, far));
    slope = madd64(direction, f64x2.sub(sparse, value), slope);
    const kept = v128.and(grows, direction);
    growth = madd64(kept, kept, growth);
    const crossed = v128.and(f64x2.gt(size, L), f64x2.lt(f64x2.mul(value, before), zero));
    changed = f64x2.add(changed, v128.and(v128.or(crossed, v128.xor(grows, grew)), one));
  }
  store<f64>(out, sumLanes(slope));
  store<f64>(out, sumLanes(growth), 8);
  store<f64>(out, sumLanes(changed), 16);
}

/**
 * From u: e, t = z − e, and the loss Σ ½ψ² + λ|e|, which it returns; out[0] = number of entries with e ≠ 0.
 */
export function huberLoss(n: i32, u: usize, z: usize, lambda: f64, top: f64, e: usize, t: usize, out: usize): f64 {
  const L = f64x2.splat(lambda);
  const low = f64x2.splat(-lambda);
  const T = f64x2.splat(top);
  const lowT = f64x2.splat(-top);
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  let loss: v128 = zero;
  let sparseCount: v128 = zero;
  const bytes = (<usize>n) << 3;
  for (let o: usize = 0; o < bytes; o += 16) {
    const value = v128.load(u + o);
    const sparse = clip(f64x2.sub(value, clip(value, low, L)), lowT, T);
    const psi = f64x2.sub(value, sparse);
    v128.store(e + o, sparse);
    v128.store(t + o, f64x2.sub(v128.load(z + o), sparse));
    loss = f64x2.add(loss, madd64(f64x2.mul(half, psi), psi, f64x2.mul(L, f64x2.abs(sparse))));
    sparseCount = f64x2.add(sparseCount, v128.and(f64x2.ne(sparse, zero), one));
  }
  store<f64>(out, sumLanes(sparseCount));
  return sumLanes(loss);
}

/** x ← f · max(x, floor). Returns ‖x‖² after it. */
export function clipScale(n: i32, x: usize, floor: f64, f: f64): f64 {
  const F = f64x2.splat(f);
  const low = f64x2.splat(floor);
  let sum: v128 = f64x2.splat(0);
  const end = x + ((<usize>n) << 3);
  for (let p = x; p < end; p += 16) {
    const value = f64x2.mul(F, f64x2.pmax(low, v128.load(p)));
    v128.store(p, value);
    sum = madd64(value, value, sum);
  }
  return sumLanes(sum);
}
