import type { Pass } from '../../../job.ts';
import { kernels, type Kernels } from '../../../kernels/kernels.ts';
import { openView, type OpenView } from '../../../matrix-view.ts';
import { factorSystems, packedSize, pairProducts } from './packed-systems.ts';
import { createTally, evaluateVariance, mergeTally, type VarianceModel, type WeightTally } from './variance.ts';

export interface SweepShared {
  variance: VarianceModel;
  p: number;
  /** F [cols × p] row-major: the loadings that fit best to it are found; null: the loadings are given and F counts as 0 */
  factors: Float64Array | null;
  /** rows of p numbers in shared memory; row r of A has row `rows[r]` (r without) */
  loadings: Float64Array;
  rows?: Int32Array;
  /** add up what the next factors follow from */
  collect: boolean;
}

export interface SweepState {
  /** Σ w (x − L Fᵀ)², when collected */
  objective: number;
  /** Σ w x² */
  energy: number;
  /** Σ_i w_ij l_i l_iᵀ of every column j, packed: [cols × packedSize(p)] */
  normal: Float64Array;
  /** Σ_i w_ij (x_ij − l_i·f_j) l_i of every column j: [cols × p] */
  right: Float64Array;
  /** rows whose weights do not determine all their loadings */
  undetermined: number;
  tally: WeightTally;
}

/** Values worked on at once: weights, products and residuals of them stay in the second-level cache. */
const valuesAtOnce = 64 * 1024;

/**
 * Both half-steps of alternating weighted least squares in one look at the data. For every row the best loadings on the
 * given factors, l_i = (Σ_j w_ij f_j f_jᵀ)⁻¹ Σ_j w_ij x_ij f_j, and at once, while its weights are at hand, what it adds
 * to the systems of all columns. The sums over rank-one matrices are matrix products W · [f_a f_b] and Wᵀ · [l_a l_b]
 * with one column per pair a ≤ b. The columns' right-hand sides are made of residuals, so that neither the objective nor
 * the gradient is a difference of large numbers.
 */
export const weightedSweepPass: Pass<SweepShared, SweepState> = {
  id: 'mlpca-sweep',
  takesSingle: true,
  stateBytes: (cols, { p, collect }) => (collect ? 8 * cols * (packedSize(p) + p) : 64),
  partial(cols, shared, next) {
    const variances = shared.variance.kind === 'array' ? openView(shared.variance.view) : null;
    try {
      return kernels().scope((allocate) => sweep(kernels(), allocate, cols, shared, variances, next));
    } finally {
      variances?.close();
    }
  },
  merge(a, b) {
    a.objective += b.objective;
    a.energy += b.energy;
    a.undetermined += b.undetermined;
    for (let i = 0; i < a.normal.length; i++) a.normal[i]! += b.normal[i]!;
    for (let i = 0; i < a.right.length; i++) a.right[i]! += b.right[i]!;
    mergeTally(a.tally, b.tally);
    return a;
  },
};

type Allocate = (bytes: number) => number;
type Next = Parameters<(typeof weightedSweepPass)['partial']>[2];

function sweep(
  k: Kernels,
  allocate: Allocate,
  cols: number,
  { variance, p, factors, loadings, rows, collect }: SweepShared,
  variances: OpenView | null,
  next: Next,
): SweepState {
  const q = packedSize(p);
  const height = Math.max(16, Math.floor(valuesAtOnce / Math.max(1, cols)));
  const at = {
    pairs: allocate(k.run.packedBytes64(cols, q)),
    factors: allocate(k.run.packedBytes64(cols, p)),
    panels: allocate(panelCount(cols) * p * panel * 8),
    single: allocate(height * cols * 4),
    x: allocate(height * cols * 8),
    w: allocate(height * cols * 8),
    wx: allocate(height * cols * 8),
    normal: allocate(height * q * 8),
    l: allocate(height * p * 8),
    sums: allocate((collect ? cols * (q + p) : 1) * 8),
    tally: allocate(3 * 8),
    scratch: allocate(k.run.scratch64(cols)),
    edge: allocate(192),
  };
  if (factors) packFactors(k, factors, cols, p, at);
  // Nothing is allocated from here on: the views stay valid.
  const single = k.f32(at.single, height * cols);
  const x = k.f64(at.x, height * cols);
  const w = k.f64(at.w, height * cols);
  const normal = k.f64(at.normal, height * q);
  const l = k.f64(at.l, height * p);
  const sums = k.f64(at.sums, collect ? cols * (q + p) : 0).fill(0);
  const tally = k.f64(at.tally, 3).fill(0);
  const rightSums = at.sums + cols * q * 8;
  const isValue = variance.kind === 'named' && variance.name === 'poisson';
  const state: SweepState = {
    objective: 0,
    energy: 0,
    normal: new Float64Array(collect ? cols * q : 0),
    right: new Float64Array(collect ? cols * p : 0),
    undetermined: 0,
    tally: createTally(),
  };

  for (let block = next(); block; block = next()) {
    for (let from = 0; from < block.rows; from += height) {
      const count = Math.min(height, block.rows - from);
      const first = block.start + from;
      const values = count * cols;
      if (block.single) {
        single.set(block.single.subarray(from * cols, from * cols + values));
        k.run.promote(values, at.single, at.x);
      } else x.set(block.data.subarray(from * cols, from * cols + values));
      if (variance.kind === 'array') variances!.read(first, first + count, w);
      else if (!isValue) evaluateVariance(variance, x, values, w);
      state.energy += k.run.weighValues(values, at.x, isValue ? at.x : at.w, at.w, at.wx, at.tally);
      const rowOf = (r: number): number => (rows ? rows[first + r]! : first + r) * p;
      if (factors) {
        normal.fill(0, 0, count * q);
        l.fill(0, 0, count * p);
        k.run.multiplyRight64(count, q, cols, at.w, cols * 8, at.pairs, at.normal, q * 8, at.edge);
        k.run.multiplyRight64(count, p, cols, at.wx, cols * 8, at.factors, at.l, p * 8, at.edge);
        const systems = factorSystems(normal, count, p);
        systems.solve(l);
        state.undetermined += systems.singular;
        for (let r = 0; r < count; r++) loadings.set(l.subarray(r * p, (r + 1) * p), rowOf(r));
      } else {
        for (let r = 0; r < count; r++) l.set(loadings.subarray(rowOf(r), rowOf(r) + p), r * p);
      }
      if (!collect) continue;
      if (factors) state.objective += k.run.weightedResidual(count, cols, p, at.x, at.w, at.l, at.panels, at.wx);
      pairProducts(l, count, p, normal);
      k.run.gemm64(q, cols, count, at.normal, q * 8, true, at.w, cols * 8, false, at.sums, cols * 8, at.scratch);
      k.run.gemm64(p, cols, count, at.l, p * 8, true, at.wx, cols * 8, false, rightSums, cols * 8, at.scratch);
    }
  }
  const [negative = 0, lowest = 0, ignored = 0] = tally;
  mergeTally(state.tally, { negative, lowest, ignored });
  if (collect) {
    turn(sums, 0, q, cols, state.normal);
    turn(sums, q * cols, p, cols, state.right);
    if (!factors) state.objective = state.energy;
  }
  return state;
}

/** Columns of a panel of Fᵀ, see weightedResidual in kernels/assembly/weighted.ts. */
const panel = 4;
const panelCount = (cols: number): number => Math.ceil(cols / panel);

/** F, its pair products and Fᵀ as the kernels want them. */
function packFactors(
  k: Kernels,
  factors: Float64Array,
  cols: number,
  p: number,
  at: { pairs: number; factors: number; panels: number },
): void {
  const q = packedSize(p);
  k.scope((allocate) => {
    const plain = allocate(cols * q * 8);
    const pairs = k.f64(plain, cols * q);
    pairProducts(factors, cols, p, pairs);
    k.run.packRight64(cols, q, plain, q * 8, at.pairs);
    k.f64(plain, cols * p).set(factors);
    k.run.packRight64(cols, p, plain, p * 8, at.factors);
    const panels = k.f64(at.panels, panelCount(cols) * p * panel).fill(0);
    for (let j = 0; j < cols; j++) {
      const to = Math.floor(j / panel) * p * panel + (j % panel);
      for (let c = 0; c < p; c++) panels[to + c * panel] = factors[j * p + c]!;
    }
  });
}

/** The transpose of a [rows × cols] matrix at `from`. */
function turn(matrix: Float64Array, from: number, rows: number, cols: number, out: Float64Array): void {
  for (let c = 0; c < rows; c++) for (let j = 0; j < cols; j++) out[j * rows + c] = matrix[from + c * cols + j]!;
}
