import type { Job } from '../../../job.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { crossPass } from '../../../passes/cross.ts';
import { projectPass } from '../../../passes/project.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { Prepared } from '../pipeline/prepare.ts';
import { keptRows } from '../pipeline/reproject.ts';

/**
 * Fills in left-out channels of factors H = WᵀX, or left-out pixels of loadings H = (WᵀXᵀ)ᵀ of the transposed fit, by
 * the same product as for those that took part. After noise scaling the other side weighs with 1/sum, and the scale of
 * the filled-in side cancels.
 * @param side signal: W is the loadings; navigation: W is the factors
 */
export async function projectLeftOut(
  prepared: Prepared,
  output: AlgorithmOutput,
  side: 'navigation' | 'signal',
  job: Job,
  phase: number,
): Promise<void> {
  const { source, pixels, channels, poisson } = prepared;
  const [factors, loadings] = [output.arrays['factors']!, output.arrays['loadings']!];
  const k = factors.shape[1]!;
  if (side === 'signal') {
    if (channels.masked.length === 0) return;
    const view: MatrixView = {
      source,
      columns: channels.masked,
      ...(pixels.kept ? { rows: pixels.kept } : {}),
      ...(poisson ? { rowScale: poisson.pixel } : {}),
    };
    const b = shareFloats(
      job,
      keptRows(loadings.data as Float64Array, pixels.keptCount, k, pixels.kept, poisson?.pixel).data,
    );
    const found = await job.run(crossPass, view, { b, k }, phase);
    channels.masked.forEach((row, i) => factors.data.set(found.subarray(i * k, (i + 1) * k), row * k));
    return;
  }
  if (pixels.masked.length === 0) return;
  const view: MatrixView = {
    source,
    rows: pixels.masked,
    ...(channels.kept ? { columns: channels.kept } : {}),
    ...(poisson ? { columnScale: poisson.channel } : {}),
  };
  const v = shareFloats(
    job,
    keptRows(factors.data as Float64Array, channels.keptCount, k, channels.kept, poisson?.channel).data,
  );
  const out = loadings.data as Float64Array;
  await job.run(projectPass, view, { v, k, out, stride: k, column: 0, rows: pixels.masked }, phase);
}
