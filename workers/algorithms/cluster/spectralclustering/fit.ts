import type { Job } from '../../../job.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { viewShape } from '../../../matrix-view.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { eighInPool } from '../../../passes/eigh.ts';
import { fitKmeans } from '../lloyd/fit.ts';
import { openSpace } from '../lloyd/space.ts';
import { denseRows, denseView } from '../pipeline/dense-rows.ts';
import { pairDistances } from '../agglomerative/pair-distances-pass.ts';
import { mostNodes } from './spec.ts';

export interface SpectralOptions {
  gamma: number;
  /** null = by distance (rbf); else likeness is being among so many nearest neighbours */
  neighbours: number | null;
  nInit: number;
}

const defaults: SpectralOptions = { gamma: 1, neighbours: null, nInit: 10 };

/**
 * Spectral clustering for each of several numbers of clusters: k-means on the first k eigenvectors of the normalised
 * graph, each divided by the root of the degrees.
 * @throws EigenscopeError `out-of-memory` for more than 5000 rows
 * @see Shi & Malik, IEEE Trans. Pattern Anal. Mach. Intell. 22, 888 (2000); von Luxburg, Stat. Comput. 17, 395 (2007)
 */
export async function fitSpectral(
  view: MatrixView,
  ks: readonly number[],
  given: Partial<SpectralOptions>,
  job: Job,
  phases: { start: number; refine: number },
  notes: string[] = [],
): Promise<Int32Array[]> {
  const options = { ...defaults, ...given };
  const { rows: n } = viewShape(view);
  if (n > mostNodes) {
    throw new EigenscopeError(
      'out-of-memory',
      `Spectral clustering compares all pairs of pixels, at most of ${mostNodes} pixels; there are ${n}. ` +
        'Set reduction to kmeans or sample, mask pixels, or choose another algorithm.',
      { pixels: n, most: mostNodes },
    );
  }
  const points = await denseRows(view, job, phases.start);
  const squares = await pairDistances(points, true, job, phases.start);
  const graph = job.allocate(n * n);
  if (options.neighbours === null) fillByDistance(graph, squares, n, options.gamma);
  else fillByNeighbours(graph, squares, n, Math.min(options.neighbours, n));
  const roots = normalise(graph, n);
  const lonely = roots.reduce((count, root) => count + (root < 1e-3 ? 1 : 0), 0);
  if (lonely > n / 2) {
    notes.push(
      `${lonely} of ${n} pixels have next to no likeness to any other: gamma is too large for these data. ` +
        `About ${suggestGamma(squares, n).toPrecision(2)} suits them.`,
    );
  }
  job.control.check();
  const most = Math.min(n, Math.max(...ks));
  const { vectors } = await eighInPool(createMatrix(n, n, graph), most, job, phases.start);
  const found: Int32Array[] = [];
  for (const k of ks) {
    job.control.check();
    const width = Math.min(k, most);
    const data = job.allocate(n * width);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < width; j++) data[i * width + j] = vectors.data[i * vectors.cols + j]! / (roots[i]! || 1);
    }
    const space = await openSpace(denseView({ data, n, cols: width }), job, phases.refine);
    const search = { init: 'k-means++' as const, nInit: options.nInit, maxIter: 300, tol: 1e-4 };
    const [fit] = await fitKmeans(space, [k], search, job, { start: phases.refine, refine: phases.refine });
    found.push(fit!.labels);
  }
  return found;
}

function fillByDistance(graph: Float64Array, squares: Float64Array, n: number, gamma: number): void {
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, at++) graph[i * n + j] = graph[j * n + i] = Math.exp(-gamma * squares[at]!);
  }
}

/** 1 where both are among the nearest of each other, ½ where one is; a pixel is the nearest of itself. */
function fillByNeighbours(graph: Float64Array, squares: Float64Array, n: number, count: number): void {
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) row[j] = j === i ? -1 : squares[i < j ? placeOf(n, i, j) : placeOf(n, j, i)]!;
    const order = Array.from(row.keys()).sort((a, b) => row[a]! - row[b]! || a - b);
    for (const j of order.slice(0, count)) {
      if (j === i) continue;
      graph[i * n + j]! += 0.5;
      graph[j * n + i]! += 0.5;
    }
  }
}

const placeOf = (n: number, i: number, j: number): number => n * i - (i * (i + 1)) / 2 + (j - i - 1);

/** D^−½ A D^−½ in place; a pixel without any likeness stands alone with eigenvalue 1. @returns √degree */
function normalise(graph: Float64Array, n: number): Float64Array {
  const roots = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let degree = 0;
    for (let j = 0; j < n; j++) degree += graph[i * n + j]!;
    roots[i] = Math.sqrt(degree);
  }
  for (let i = 0; i < n; i++) {
    if (roots[i] === 0) graph[i * n + i] = 1;
    else for (let j = 0; j < n; j++) if (roots[j]! > 0) graph[i * n + j]! /= roots[i]! * roots[j]!;
  }
  return roots;
}

/** 1/(columns · mean variance), from the mean squared distance of pairs, which is twice that sum of variances. */
const suggestGamma = (squares: Float64Array, n: number): number => {
  const mean = squares.reduce((sum, value) => sum + value, 0) / ((n * (n - 1)) / 2);
  return mean > 0 ? 2 / mean : 1;
};
