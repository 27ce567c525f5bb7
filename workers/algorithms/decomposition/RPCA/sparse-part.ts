import type { Job } from '../../../job.ts';
import type { ResultArray } from '../../../model/result.ts';
import { openView } from '../../../matrix-view.ts';
import type { Prepared } from '../pipeline/prepare.ts';

/**
 * The sparse part E = soft(X − L Fᵀ, λ) [pixels × channels] in units of the data: NaN where masked. With scaling for
 * Poisson noise the threshold acts on the scaled values.
 * @param factors of the kept channels, scaled data; loadings of the kept pixels
 */
export function findSparsePart(
  prepared: Prepared,
  { k, factors, loadings }: { k: number; factors: Float64Array; loadings: Float64Array },
  lambda: number,
  job: Job,
): ResultArray {
  const { pixels, channels, poisson } = prepared;
  const out = job.allocate(pixels.size * channels.size);
  if (pixels.kept || channels.kept) out.fill(NaN);
  const open = openView(prepared.view);
  try {
    const step = Math.max(1, Math.floor(2 ** 18 / open.cols));
    const rows = new Float64Array(Math.min(step, open.rows) * open.cols);
    for (let first = 0; first < open.rows; first += step) {
      job.control.check();
      const last = Math.min(open.rows, first + step);
      open.read(first, last, rows);
      for (let i = first; i < last; i++) {
        const to = (pixels.kept ? pixels.kept[i]! : i) * channels.size;
        const factor = poisson ? poisson.pixel[i]! : 1;
        for (let j = 0; j < open.cols; j++) {
          let residual = rows[(i - first) * open.cols + j]!;
          for (let c = 0; c < k; c++) residual -= loadings[i * k + c]! * factors[j * k + c]!;
          const over = Math.max(0, Math.abs(residual) - lambda);
          const value = residual < 0 ? -over : over;
          out[to + (channels.kept ? channels.kept[j]! : j)] = value * factor * (poisson ? poisson.channel[j]! : 1);
        }
      }
    }
  } finally {
    open.close();
  }
  return { dtype: 'float64', shape: [pixels.size, channels.size], data: out };
}
