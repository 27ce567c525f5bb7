import type { Clustering } from '../pipeline/finish.ts';
import type { Fit } from './refine.ts';

/** A fit of k-means as the result of a clustering. */
export function describeFit(
  { labels, iterations, converged }: Pick<Fit, 'iterations' | 'converged'> & { labels: Int32Array },
  k: number,
  maxIter: number,
): Clustering {
  const notes: string[] = [];
  const isUsed = new Uint8Array(k);
  for (let i = 0; i < labels.length; i++) isUsed[labels[i]!] = 1;
  const found = isUsed.reduce((sum, used) => sum + used, 0);
  if (found < k) {
    notes.push(
      `Only ${found} of ${k} clusters have pixels: no more different pixels are there. Ask for fewer clusters.`,
    );
  }
  if (!converged) {
    notes.push(
      `The centres still moved after ${iterations} iterations (max_iter ${maxIter}). Raise max_iter for a settled result.`,
    );
  }
  return { labels, k, scalars: { iterations, converged }, notes };
}
