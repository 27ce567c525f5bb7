// Euclidean distances between rows, and what silhouettes need of them.
import { axpy, get, madd64, put, sumLanes } from './vector';

/** out (rows × k) ← ‖x_i − c_j‖² by differences, which keep their digits however far from the origin the data lie. */
export function squaredDistances(rows: i32, cols: i32, k: i32, x: usize, c: usize, out: usize): void {
  const line = (<usize>cols) << 3;
  for (let i: i32 = 0; i < rows; i++) {
    let centre = c;
    for (let j: i32 = 0; j < k; j++) {
      let a = x;
      let b = centre;
      let s0: v128 = f64x2.splat(0);
      let s1: v128 = f64x2.splat(0);
      let t: i32 = 0;
      for (; t + 4 <= cols; t += 4) {
        const d0 = f64x2.sub(v128.load(a), v128.load(b));
        const d1 = f64x2.sub(v128.load(a, 16), v128.load(b, 16));
        s0 = madd64(d0, d0, s0);
        s1 = madd64(d1, d1, s1);
        a += 32;
        b += 32;
      }
      let sum = sumLanes(f64x2.add(s0, s1));
      for (; t < cols; t++) {
        const d = load<f64>(a) - load<f64>(b);
        sum += d * d;
        a += 8;
        b += 8;
      }
      store<f64>(out, sum);
      out += 8;
      centre += line;
    }
    x += line;
  }
}

/** out_j ← ‖point − column j of xt‖ for n columns of xt (cols × n, n even). */
function distancesTo(n: i32, cols: i32, xt: usize, point: usize, out: usize): void {
  const line = (<usize>n) << 3;
  let j: i32 = 0;
  for (; j + 8 <= n; j += 8) {
    let s0: v128 = f64x2.splat(0);
    let s1: v128 = f64x2.splat(0);
    let s2: v128 = f64x2.splat(0);
    let s3: v128 = f64x2.splat(0);
    let a = xt + ((<usize>j) << 3);
    for (let t: i32 = 0; t < cols; t++) {
      const p = v128.load64_splat(point + ((<usize>t) << 3));
      const d0 = f64x2.sub(v128.load(a), p);
      const d1 = f64x2.sub(v128.load(a, 16), p);
      const d2 = f64x2.sub(v128.load(a, 32), p);
      const d3 = f64x2.sub(v128.load(a, 48), p);
      s0 = madd64(d0, d0, s0);
      s1 = madd64(d1, d1, s1);
      s2 = madd64(d2, d2, s2);
      s3 = madd64(d3, d3, s3);
      a += line;
    }
    const to = out + ((<usize>j) << 3);
    v128.store(to, f64x2.sqrt(s0));
    v128.store(to, f64x2.sqrt(s1), 16);
    v128.store(to, f64x2.sqrt(s2), 32);
    v128.store(to, f64x2.sqrt(s3), 48);
  }
  for (; j < n; j++) {
    let s: f64 = 0;
    let a = xt + ((<usize>j) << 3);
    for (let t: i32 = 0; t < cols; t++) {
      const d = load<f64>(a) - load<f64>(point + ((<usize>t) << 3));
      s += d * d;
      a += line;
    }
    store<f64>(out + ((<usize>j) << 3), sqrt(s));
  }
}

/**
 * Sums of the distances from each of `count` points to the members of every cluster, for several clusterings at once.
 * @param xt all n points, transposed (cols × n)
 * @param points count × cols
 * @param labels clusterings × n, int32 byte offsets (8 × cluster number) into a row of `width` sums
 * @param out count × clusterings × width
 * @param scratch n values
 */
export function clusterDistanceSums(
  n: i32, cols: i32, xt: usize, points: usize, count: i32, clusterings: i32, labels: usize, width: i32, out: usize, scratch: usize,
): void {
  const line = (<usize>cols) << 3;
  const row = (<usize>width) << 3;
  const next = (<usize>n) << 2;
  for (let i: i32 = 0; i < count; i++) {
    distancesTo(n, cols, xt, points, scratch);
    memory.fill(out, 0, row * <usize>clusterings);
    let m: i32 = 0;
    let own = labels;
    // two at a time: their sums do not wait for each other
    for (; m + 2 <= clusterings; m += 2) {
      const second = out + row;
      let d = scratch;
      let a = own;
      for (let j: i32 = 0; j < n; j++) {
        const value = load<f64>(d);
        const p = out + <usize>load<i32>(a);
        const q = second + <usize>load<i32>(a + next);
        store<f64>(p, load<f64>(p) + value);
        store<f64>(q, load<f64>(q) + value);
        d += 8;
        a += 4;
      }
      out += 2 * row;
      own += 2 * next;
    }
    if (m < clusterings) {
      let d = scratch;
      let a = own;
      for (let j: i32 = 0; j < n; j++) {
        const p = out + <usize>load<i32>(a);
        store<f64>(p, load<f64>(p) + load<f64>(d));
        d += 8;
        a += 4;
      }
      out += row;
    }
    points += line;
  }
}

/** Up to as many centres a look at all of them costs less than a second try of the bound. */
const few: i32 = 8;

/**
 * One round of Lloyd's method with Hamerly's bounds over n points (n × cols): assigns, and adds to sums (k × cols) and
 * counts (int32) what changes.
 * @param labels int32, −1 at first; changed
 * @param upper upper bound of the distance to the own centre, `lower` lower bound of that to any other; both changed
 * @param shift how far each centre has moved since the last round
 * @param half half the distance of each centre to its nearest other
 * @param most largest shift, and `other` largest shift of the rest; `index` the centre of the largest
 * @returns how many points changed their cluster
 */
export function boundedLloyd(
  n: i32, cols: i32, k: i32, x: usize, c: usize, labels: usize, upper: usize, lower: usize,
  shift: usize, half: usize, index: i32, most: f64, other: f64, sums: usize, counts: usize,
): i32 {
  const line = (<usize>cols) << 3;
  let changed: i32 = 0;
  for (let i: i32 = 0; i < n; i++, x += line, labels += 4, upper += 8, lower += 8) {
    const old = load<i32>(labels);
    if (old >= 0) {
      let u = load<f64>(upper) + load<f64>(shift + ((<usize>old) << 3));
      const l = load<f64>(lower) - (old == index ? other : most);
      store<f64>(lower, l);
      const bound = max(l, load<f64>(half + ((<usize>old) << 3))) * (1 - 1e-12);
      if (u < bound) {
        store<f64>(upper, u);
        continue;
      }
      if (k > few) {
        u = sqrt(squared(cols, x, c + <usize>old * line));
        store<f64>(upper, u);
        if (u < bound) continue;
      }
    }
    // without branches: which centre is the nearest cannot be predicted
    let best: v128 = f64x2.splat(Infinity);
    let second: v128 = best;
    let nearest: v128 = i64x2.splat(0);
    let centre = c;
    for (let j: i32 = 0; j < k; j++, centre += line) {
      const d = f64x2.splat(squared(cols, x, centre));
      nearest = v128.bitselect(i64x2.splat(j), nearest, f64x2.lt(d, best));
      second = f64x2.pmin(second, f64x2.pmax(best, d));
      best = f64x2.pmin(best, d);
    }
    const label = i32x4.extract_lane(nearest, 0);
    store<f64>(upper, sqrt(f64x2.extract_lane(best, 0)));
    store<f64>(lower, sqrt(f64x2.extract_lane(second, 0)));
    if (label == old) continue;
    changed++;
    store<i32>(labels, label);
    const to = counts + ((<usize>label) << 2);
    store<i32>(to, load<i32>(to) + 1);
    addRow(cols, 1, x, sums + <usize>label * line);
    if (old >= 0) {
      const from = counts + ((<usize>old) << 2);
      store<i32>(from, load<i32>(from) - 1);
      addRow(cols, -1, x, sums + <usize>old * line);
    }
  }
  return changed;
}

// @ts-ignore: decorator
@inline
function squared(cols: i32, a: usize, b: usize): f64 {
  let s: v128 = f64x2.splat(0);
  let t: i32 = 0;
  for (; t + 2 <= cols; t += 2) {
    const d = f64x2.sub(v128.load(a), v128.load(b));
    s = madd64(d, d, s);
    a += 16;
    b += 16;
  }
  let sum = sumLanes(s);
  if (t < cols) {
    const d = load<f64>(a) - load<f64>(b);
    sum += d * d;
  }
  return sum;
}

function addRow(cols: i32, f: f64, x: usize, sum: usize): void {
  for (let t: i32 = 0; t < cols; t++) {
    store<f64>(sum, load<f64>(sum) + f * load<f64>(x));
    x += 8;
    sum += 8;
  }
}

/** closest_i ← min(closest_i, ‖x_i − point‖²) written to `out` for n points (n × cols). @returns the sum of `out`. */
export function nearerDistances(n: i32, cols: i32, x: usize, point: usize, closest: usize, out: usize): f64 {
  const line = (<usize>cols) << 3;
  let total: f64 = 0;
  for (let i: i32 = 0; i < n; i++, x += line, closest += 8, out += 8) {
    const d = min(squared(cols, x, point), load<f64>(closest));
    store<f64>(out, d);
    total += d;
  }
  return total;
}

/** Σ‖x_i − c_label‖² of n points (n × cols) by differences. */
export function inertia(n: i32, cols: i32, x: usize, c: usize, labels: usize): f64 {
  const line = (<usize>cols) << 3;
  let total: f64 = 0;
  for (let i: i32 = 0; i < n; i++, x += line, labels += 4) total += squared(cols, x, c + <usize>load<i32>(labels) * line);
  return total;
}

/**
 * The indices at which the running sum of n weights passes the targets (count, in ascending order), as int32 to `found`;
 * the last one where it does not.
 */
export function whereSumsPass(n: i32, weights: usize, count: i32, targets: usize, found: usize): void {
  let sum: f64 = 0;
  let t: i32 = 0;
  for (let i: i32 = 0; i < n && t < count; i++) {
    sum += get(weights, i);
    for (; t < count && get(targets, t) < sum; t++) store<i32>(found + ((<usize>t) << 2), i);
  }
  for (; t < count; t++) store<i32>(found + ((<usize>t) << 2), n - 1);
}

/** Mean over the columns of the population variances of x (n × cols); `mean` takes cols values. */
export function meanVariance(n: i32, cols: i32, x: usize, mean: usize): f64 {
  const line = (<usize>cols) << 3;
  memory.fill(mean, 0, line);
  for (let i: i32 = 0; i < n; i++) addRow(cols, 1, x + <usize>i * line, mean);
  for (let j: i32 = 0; j < cols; j++) put(mean, j, get(mean, j) / <f64>n);
  let total: f64 = 0;
  for (let i: i32 = 0; i < n; i++) total += squared(cols, x + <usize>i * line, mean);
  return total / (<f64>n * <f64>cols);
}

/**
 * out (k × n) ← ‖x_i − c_j‖ for n points and k centres. Where a distance is below `least` of a centre (k), it and the
 * index of the point (`nearest`, int32) are noted.
 * @param labels centre of every point, int32; below 0: none
 * @returns total + Σ‖x_i − c_label‖², point after point
 */
export function centreDistances(
  n: i32, cols: i32, k: i32, x: usize, c: usize, labels: usize, out: usize, least: usize, nearest: usize, total: f64,
): f64 {
  const line = (<usize>cols) << 3;
  const row = (<usize>n) << 3;
  for (let i: i32 = 0; i < n; i++, x += line, labels += 4, out += 8) {
    const own = load<i32>(labels);
    for (let j: i32 = 0; j < k; j++) {
      const d = squared(cols, x, c + <usize>j * line);
      const distance = sqrt(d);
      store<f64>(out + <usize>j * row, distance);
      if (j == own) total += d;
      if (distance < get(least, j)) {
        put(least, j, distance);
        store<i32>(nearest + ((<usize>j) << 2), i);
      }
    }
  }
  return total;
}

/** Adds n points (n × cols) to the sums (k × cols) and counts (k) of their labels, int32; below 0: none. */
export function labelSums(n: i32, cols: i32, x: usize, labels: usize, sums: usize, counts: usize): void {
  const line = (<usize>cols) << 3;
  for (let i: i32 = 0; i < n; i++, x += line, labels += 4) {
    const label = load<i32>(labels);
    if (label < 0) continue;
    put(counts, label, get(counts, label) + 1);
    axpy(cols, 1, x, sums + <usize>label * line);
  }
}
