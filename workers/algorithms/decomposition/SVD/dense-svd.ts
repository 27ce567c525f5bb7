import { columns, createMatrix } from '../../../linalg/matrix.ts';
import { svdThin } from '../../../linalg/svd.ts';
import { openView } from '../../../matrix-view.ts';
import type { SolveTask, TallSvd } from './tall-svd.ts';

/** The whole matrix at once by a direct SVD (Golub & Reinsch 1970): for small matrices, which are copied. */
export function denseSvd({ view, k, target, job, phases }: SolveTask): TallSvd {
  const open = openView(view);
  const a = createMatrix(open.rows, open.cols);
  try {
    open.read(0, open.rows, a.data);
  } finally {
    open.close();
  }
  job.control.progress(phases.solve, 0, 1);
  const { u, s, v } = svdThin(a, { check: () => job.control.check() });
  const peaks = new Float64Array(k);
  for (let i = 0; i < u.rows; i++) {
    const to = (target.rows ? target.rows[i]! : i) * k;
    const factor = target.scale ? target.scale[i]! : 1;
    for (let j = 0; j < k; j++) {
      const value = u.data[i * u.cols + j]!;
      if (Math.abs(value) > Math.abs(peaks[j]!)) peaks[j] = value;
      target.out[to + j] = value * s[j]! * factor;
    }
  }
  job.control.progress(phases.write, 1, 1);
  const energy = a.data.reduce((sum, x) => sum + x * x, 0);
  return { singularValues: s.slice(0, k), right: columns(v, k), peaks, energy };
}
