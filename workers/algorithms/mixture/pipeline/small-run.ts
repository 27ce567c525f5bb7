import type { Block, Job, Pass } from '../../../job.ts';
import type { Rows } from './kmeans-start.ts';

/** Multiplications of a pass below which messages to other threads cost more than they save. */
const fewest = 4e6;

/**
 * Runs a pass over the pool, or here on the rows as they lie in memory when it is so small that messages and copies would
 * take longer than the work. Which of the two depends on the shape alone, and so do the bits.
 * @param perValue multiplications for each value of the matrix
 */
export async function runSized<Shared, State>(
  pass: Pass<Shared, State>,
  { x, n, p, view }: Rows,
  shared: Shared,
  perValue: number,
  job: Job,
  phase: number,
): Promise<State> {
  if (n * p * perValue >= fewest) return job.run(pass, view, shared, phase);
  const whole: Block[] = [{ start: 0, rows: n, data: x.subarray(0, n * p) }];
  return pass.partial(p, shared, () => whole.pop() ?? null);
}
