export type Background = 'none' | 'linear' | 'power_law';

/**
 * Σ h_i exp(−(u − c_i)² / 2 s_i²) + background over m channels. The parameters that enter linearly are the heights and the
 * background's two (line: value at u = 0 and slope) or one (power law: value at the centre of the window); the others
 * are position and width of every peak, in turn, and the exponent of a power law.
 */
export interface PeakModel {
  /** coordinates, −1 … 1 over the window */
  u: Float64Array;
  /** ln(x / centre) for a power law */
  logX: Float64Array | null;
  background: Background;
  peaks: number;
  /** numbers of linear and of other parameters */
  linear: number;
  nonlinear: number;
}

export function createPeakModel(
  u: Float64Array,
  logX: Float64Array | null,
  background: Background,
  peaks: number,
): PeakModel {
  const extra = { none: [0, 0], linear: [2, 0], power_law: [1, 1] }[background];
  return { u, logX, background, peaks, linear: peaks + extra[0]!, nonlinear: 2 * peaks + extra[1]! };
}

/** Beyond this many widths a Gaussian is below the rounding of its height. */
const reach = 8.5;

/**
 * Writes the columns that the linear parameters multiply: peaks, then background.
 * @param root what every channel is multiplied by: √weight
 * @param columns linear × m
 */
export function writeColumns(model: PeakModel, theta: Float64Array, root: Float64Array, columns: Float64Array): void {
  const { u, logX, background, peaks } = model;
  const m = u.length;
  for (let i = 0; i < peaks; i++) {
    const [c, s] = [theta[2 * i]!, theta[2 * i + 1]!];
    for (let j = 0, at = i * m; j < m; j++, at++) {
      const z = (u[j]! - c) / s;
      columns[at] = z > reach || z < -reach ? 0 : root[j]! * Math.exp((-z * z) / 2);
    }
  }
  const from = peaks * m;
  if (background === 'linear') {
    columns.set(root, from);
    for (let j = 0; j < m; j++) columns[from + m + j] = root[j]! * u[j]!;
  } else if (background === 'power_law') {
    const r = theta[2 * peaks]!;
    for (let j = 0; j < m; j++) columns[from + j] = root[j]! * Math.exp(-r * logX![j]!);
  }
}

/**
 * Writes the derivatives of the weighted model by the parameters that are not linear.
 * @param columns as written by `writeColumns` for the same theta
 * @param alpha the linear parameters
 * @param derivatives nonlinear × m
 */
export function writeDerivatives(
  model: PeakModel,
  theta: Float64Array,
  alpha: Float64Array,
  columns: Float64Array,
  derivatives: Float64Array,
): void {
  const { u, logX, background, peaks } = model;
  const m = u.length;
  for (let i = 0; i < peaks; i++) {
    const [c, s, h] = [theta[2 * i]!, theta[2 * i + 1]!, alpha[i]!];
    const at = 2 * i * m;
    for (let j = 0; j < m; j++) {
      const z = (u[j]! - c) / s;
      const slope = (h * columns[i * m + j]! * z) / s;
      derivatives[at + j] = slope;
      derivatives[at + m + j] = slope * z;
    }
  }
  if (background === 'power_law') {
    const a = alpha[peaks]!;
    for (let j = 0; j < m; j++) derivatives[2 * peaks * m + j] = -a * logX![j]! * columns[peaks * m + j]!;
  }
}

/**
 * Adds −Σ_j residual_j ∂²model_j/∂θ² to the lower triangle of `hessian` (nonlinear × nonlinear).
 * @param residual weighted, like the columns
 */
export function addCurvature(
  model: PeakModel,
  theta: Float64Array,
  alpha: Float64Array,
  columns: Float64Array,
  residual: Float64Array,
  hessian: Float64Array,
): void {
  const { u, logX, background, peaks, nonlinear } = model;
  const m = u.length;
  for (let i = 0; i < peaks; i++) {
    const [c, s] = [theta[2 * i]!, theta[2 * i + 1]!];
    let [cc, cs, ss] = [0, 0, 0];
    for (let j = 0; j < m; j++) {
      const z = (u[j]! - c) / s;
      const f = residual[j]! * columns[i * m + j]!;
      cc += f * (z * z - 1);
      cs += f * z * (z * z - 2);
      ss += f * z * z * (z * z - 3);
    }
    const factor = alpha[i]! / (s * s);
    const at = 2 * i * (nonlinear + 1);
    hessian[at]! -= factor * cc;
    hessian[at + nonlinear]! -= factor * cs;
    hessian[at + nonlinear + 1]! -= factor * ss;
  }
  if (background === 'power_law') {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += residual[j]! * columns[peaks * m + j]! * logX![j]! ** 2;
    hessian[2 * peaks * (nonlinear + 1)]! -= alpha[peaks]! * sum;
  }
}
