import { isColour, isComplex, itemSize } from '../../workers/model/dtype.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { Overview } from '../../workers/tasks/overview.ts';
import { mergePresentSums, presentMeans } from '../../workers/tasks/present-sums.ts';
import type { Pool } from './pool.ts';

/** As much of a cube as is worth a message to a thread. */
const partBytes = 8 * 2 ** 20;
const mostParts = 16;

/**
 * The full overview of a cube in memory, summed by all threads. The parts depend on its shape alone, so that the sums
 * have the same bits with any number of threads.
 */
export async function cubeOverview(pool: Pool, source: Extract<RowSource, { kind: 'shared' }>): Promise<Overview> {
  const { samples, features, dtype } = source;
  const bytes = samples * features * itemSize(dtype);
  const count = Math.min(mostParts, samples, Math.floor(bytes / partBytes));
  if (count < 2 || isComplex(dtype) || isColour(dtype)) {
    return pool.run('preview', { place: { source }, milliseconds: Infinity });
  }
  const cut = (i: number): number => Math.floor((samples * i) / count);
  const parts = await Promise.all(
    Array.from({ length: count }, (_, i) => pool.run('overviewPart', { source, first: cut(i), last: cut(i + 1) })),
  );
  const image = new Float64Array(samples);
  parts.forEach((part, i) => image.set(part.image, cut(i)));
  const sums = parts.map((part) => part.sums).reduce(mergePresentSums);
  return { image, spectrum: presentMeans(sums), complete: true };
}
