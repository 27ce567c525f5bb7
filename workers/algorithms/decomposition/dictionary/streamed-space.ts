import type { Job } from '../../../job.ts';
import { gramOf } from '../../../linalg/gram.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { crossPass } from '../../../passes/cross.ts';
import { projectPass } from '../../../passes/project.ts';
import { shareFloats } from '../../../passes/share.ts';
import { requireMethod, solveTall } from '../SVD/solve.ts';
import { columnProduct, scaleColumn, shrinkToUnit, updateAtom, type AtomSpace } from './atoms.ts';

/**
 * Dictionary learning on data whose XᵀX would be too large: atoms are held pixel by pixel, and a round is two passes over
 * X, for X·C and XᵀDᵀ. Nothing of the size of X is kept.
 */
export async function createStreamedSpace(
  view: MatrixView,
  k: number,
  job: Job,
  phases: { gather: number; solve: number },
): Promise<AtomSpace> {
  const { rows, cols } = viewShape(view);
  const { values, energy } = await singularAtoms(view, k, job, phases);
  const correlate = async (atoms: Float64Array): Promise<Float64Array> =>
    job.run(crossPass, view, { b: shareFloats(job, atoms), k }, phases.solve);
  const product = job.allocate(rows * k);
  const start = { coordinates: values, correlations: await correlate(values), gram: gramOf(values, k) };
  return {
    k,
    channels: cols,
    energy,
    mapEnergy: () => energy / cols,
    start,
    gramOf: (d) => gramOf(d, k),
    allocate: () => ({
      coordinates: new Float64Array(rows * k),
      correlations: new Float64Array(cols * k),
      gram: new Float64Array(k * k),
    }),
    async update(atoms, codes, codeGram, out) {
      const shared = { v: shareFloats(job, codes), k, out: product, stride: k, column: 0 };
      await job.run(projectPass, view, shared, phases.solve);
      const { coordinates: d } = out;
      d.set(atoms.coordinates);
      for (let r = 0; r < k; r++) {
        updateAtom(d, product, codeGram, r, k);
        scaleColumn(d, r, k, shrinkToUnit(columnProduct(d, d, r, k)));
      }
      out.correlations = await correlate(d);
      out.gram = gramOf(d, k);
    },
    peaks: ({ coordinates }) => Promise.resolve(columnPeaks(coordinates, k)),
    free() {},
  };
}

/** Dᵀ = V·S [pixels × k] of Xᵀ = U S Vᵀ, and ‖X‖². */
export async function singularAtoms(
  view: MatrixView,
  k: number,
  job: Job,
  phases: { gather: number; solve: number },
): Promise<{ values: Float64Array; energy: number }> {
  const { rows, cols } = viewShape(view);
  const wide = rows < cols;
  const [long, short] = wide ? [cols, rows] : [rows, cols];
  const target = { out: job.allocate(long * k), rowCount: long, k };
  const method = requireMethod('auto', long, short, k);
  const { singularValues, right, energy } = await solveTall(
    {
      view: wide ? { ...view, transpose: true } : view,
      k,
      target,
      job,
      phases: { ...phases, write: phases.solve },
    },
    method,
  );
  if (!wide) return { values: new Float64Array(target.out), energy };
  return { values: right.data.map((v, at) => v * singularValues[at % k]!), energy };
}

/** The value of the largest size in every column, the first on ties. */
export function columnPeaks(values: Float64Array, k: number): Float64Array {
  const peaks = new Float64Array(k);
  for (let at = 0; at < values.length; at++) {
    if (Math.abs(values[at]!) > Math.abs(peaks[at % k]!)) peaks[at % k] = values[at]!;
  }
  return peaks;
}
