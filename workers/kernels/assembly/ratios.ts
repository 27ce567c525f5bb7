// Values of data against those of a model of few components, Y = W·H, which is never stored: for divergences.
import { madd64 } from './vector';

/**
 * ratio = x / max(y, least); with `weight` (not 0): weight = 1 / max(y, least) and ratio = x · weight². All float64;
 * X, ratio and weight are rows × cols without gaps, W rows × k, H k × cols.
 */
export function modelRatios(
  rows: i32, cols: i32, k: i32, x: usize, w: usize, h: usize, least: f64, ratio: usize, weight: usize,
): void {
  const line = <usize>cols << 3;
  const L = f64x2.splat(least);
  const one = f64x2.splat(1);
  for (let r: i32 = 0; r < rows; r++) {
    let j: i32 = 0;
    for (; j + 4 <= cols; j += 4) {
      let y0 = f64x2.splat(0);
      let y1 = f64x2.splat(0);
      let p = h + (<usize>j << 3);
      for (let t: i32 = 0; t < k; t++) {
        const W = v128.load64_splat(w + (<usize>t << 3));
        y0 = madd64(W, v128.load(p), y0);
        y1 = madd64(W, v128.load(p, 16), y1);
        p += line;
      }
      y0 = f64x2.pmax(y0, L);
      y1 = f64x2.pmax(y1, L);
      if (weight == 0) {
        v128.store(ratio, f64x2.div(v128.load(x), y0));
        v128.store(ratio, f64x2.div(v128.load(x, 16), y1), 16);
      } else {
        y0 = f64x2.div(one, y0);
        y1 = f64x2.div(one, y1);
        v128.store(weight, y0);
        v128.store(weight, y1, 16);
        v128.store(ratio, f64x2.mul(f64x2.mul(v128.load(x), y0), y0));
        v128.store(ratio, f64x2.mul(f64x2.mul(v128.load(x, 16), y1), y1), 16);
        weight += 32;
      }
      x += 32;
      ratio += 32;
    }
    for (; j < cols; j++) {
      let y: f64 = 0;
      for (let t: i32 = 0; t < k; t++) {
        y += load<f64>(w + (<usize>t << 3)) * load<f64>(h + <usize>t * line + (<usize>j << 3));
      }
      y = max<f64>(y, least);
      if (weight == 0) store<f64>(ratio, load<f64>(x) / y);
      else {
        y = 1 / y;
        store<f64>(weight, y);
        store<f64>(ratio, load<f64>(x) * y * y);
        weight += 8;
      }
      x += 8;
      ratio += 8;
    }
    w += <usize>k << 3;
  }
}
