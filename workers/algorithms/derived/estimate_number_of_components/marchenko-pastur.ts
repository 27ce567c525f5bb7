/** 95 % quantile of the Tracy–Widom distribution of order 1 (Johnstone, Ann. Stat. 29, 295 (2001), table 1). */
const tracyWidom95 = 0.9793;

/**
 * The value of s² that the largest singular value of pure noise stays below in 95 of 100 cases: the Marchenko–Pastur edge
 * σ²(√n + √m)² with the Tracy–Widom fluctuation on top of it.
 * @param rows n, the longer side
 * @param cols m, the shorter side
 * @param variance σ² of every entry, independent of each other
 * @see Johnstone, Ann. Stat. 29, 295 (2001), theorem 1.1
 */
export function noiseEdge(rows: number, cols: number, variance: number): number {
  const n = Math.sqrt(Math.max(1, rows - 1));
  const m = Math.sqrt(cols);
  const centre = (n + m) ** 2;
  const spread = (n + m) * (1 / n + 1 / m) ** (1 / 3);
  return variance * (centre + tracyWidom95 * spread);
}

/**
 * The singular value above which keeping a component lowers the expected error, for noise of known level: τ = λ(β) √n σ.
 * @param beta m/n, shorter by longer side, in (0, 1]
 * @see Gavish & Donoho, IEEE Trans. Inf. Theory 60, 5040 (2014), eq. 11
 */
export function hardThreshold(beta: number): number {
  return Math.sqrt(2 * (beta + 1) + (8 * beta) / (beta + 1 + Math.sqrt(beta * beta + 14 * beta + 1)));
}

const panels = 4096;

/**
 * Median of the Marchenko–Pastur distribution of ratio β, the limit of the median of s²/(n σ²) for noise.
 * @see Gavish & Donoho, IEEE Trans. Inf. Theory 60, 5040 (2014), sec. III-E
 */
export function noiseMedian(beta: number): number {
  // with x = 1 + β + 2√β cos θ the density becomes (2/π) sin²θ / x, smooth from end to end: θ falls as x grows
  const step = Math.PI / panels;
  const density = (theta: number): number =>
    ((2 / Math.PI) * Math.sin(theta) ** 2) / (1 + beta + 2 * Math.sqrt(beta) * Math.cos(theta));
  let mass = 0;
  for (let i = 0; i < panels; i++) {
    const share = density((i + 0.5) * step) * step;
    if (mass + share >= 0.5) {
      const theta = (i + (0.5 - mass) / share) * step;
      return 1 + beta + 2 * Math.sqrt(beta) * Math.cos(theta);
    }
    mass += share;
  }
  return (1 - Math.sqrt(beta)) ** 2;
}

/**
 * Upper edge of the eigenvalues of ZᵀZ/n for an n × m table Z of independent noise whose columns have these variances:
 * the least value of −1/v + (1/n) Σ t/(1 + t v) for −1/t_max < v < 0. For equal variances (1 + √(m/n))² t.
 * @see Silverstein & Choi, J. Multivariate Anal. 54, 295 (1995); Dobriban & Owen, J. R. Stat. Soc. B 81, 163 (2019)
 */
export function edgeOfVariances(variances: Float64Array, rows: number): number {
  const largest = variances.reduce((a, b) => Math.max(a, b), 0);
  if (!(largest > 0)) return 0;
  // u = −v t_max in (0, 1)
  const value = (u: number): number => {
    let sum = 0;
    for (let j = 0; j < variances.length; j++) {
      const t = variances[j]! / largest;
      sum += t / (1 - t * u);
    }
    return largest * (1 / u + sum / rows);
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0, 1];
  let [a, b] = [high - golden, low + golden];
  let [fa, fb] = [value(a), value(b)];
  for (let i = 0; i < 60; i++) {
    if (fa < fb) {
      [high, b, fb] = [b, a, fa];
      a = high - golden * (high - low);
      fa = value(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + golden * (high - low);
      fb = value(b);
    }
  }
  return Math.min(fa, fb);
}
