import type { Job } from '../../../job.ts';
import type { Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { createRandom } from '../../../linalg/random.ts';
import { signColumnsPass } from '../../../passes/sign-columns.ts';
import { centredView, findMean, type Centre, type Mean } from '../pipeline/centre.ts';
import type { Selection } from '../pipeline/masks.ts';
import type { Prepared } from '../pipeline/prepare.ts';
import { keptRows, reprojectChannels, reprojectPixels, type FullComponents } from '../pipeline/reproject.ts';
import { requireMethod, solveTall, type Method, type Solver } from './solve.ts';
import type { LeftTarget, TallSvd } from './tall-svd.ts';

export interface ComponentRequest {
  /** all of them when null */
  k: number | null;
  solver: Solver;
  centre: Centre | null;
  /** put the singular values with the longer side; otherwise always with the loadings */
  autoTranspose: boolean;
  reproject: 'navigation' | 'signal' | 'both' | null;
}

/** Indices into the algorithm's list of phases. */
export interface ComponentPhases {
  gather: number;
  solve: number;
  write: number;
  reproject: number;
}

export interface SingularComponents extends FullComponents {
  singularValues: Float64Array;
  mean: Mean | null;
  /** ‖A‖² of the masked, scaled, centred data */
  energy: number;
  method: Method;
}

/**
 * Singular components of prepared data with HyperSpy's conventions: of N pixels × M channels the singular values are part
 * of the loadings when N ≥ M and of the factors otherwise (when `autoTranspose`), and the entry of the largest absolute
 * value of that side's singular vector is positive. Rows of masked pixels and channels are NaN or reprojected.
 */
export async function findComponents(
  prepared: Prepared,
  request: ComponentRequest,
  job: Job,
  phases: ComponentPhases,
): Promise<SingularComponents> {
  const { pixels, channels, poisson } = prepared;
  const mean = request.centre ? await findMean(prepared, request.centre, job, phases.gather) : null;
  const view = centredView(prepared.view, mean);
  const wide = pixels.keptCount < channels.keptCount;
  const k = request.k ?? Math.min(pixels.keptCount, channels.keptCount);
  const left = wide ? channels : pixels;
  const right = wide ? pixels : channels;
  const method = requireMethod(request.solver, left.keptCount, right.keptCount, k);
  const target: LeftTarget = {
    out: job.allocate(left.size * k),
    rowCount: left.size,
    k,
    ...(left.kept ? { rows: left.kept } : {}),
    ...(poisson ? { scale: wide ? poisson.channel : poisson.pixel } : {}),
  };
  const tall = wide ? { ...view, transpose: true } : view;
  const svd = await solveTall({ view: tall, k, target, job, phases }, method, request.solver === 'auto');
  const valuesOnLeft = !wide || request.autoTranspose;
  const signs = valuesOnLeft ? svd.peaks.map(signOf) : columnSigns(svd.right);
  if (valuesOnLeft) await multiplyColumns(target, signs, job, phases.write);
  else divideLeft(target, svd, signs, job);
  const rightFactors = valuesOnLeft ? signs : signs.map((sign, j) => sign * svd.singularValues[j]!);
  const rightFull = expandRows(
    svd.right,
    right,
    rightFactors,
    poisson && (wide ? poisson.pixel : poisson.channel),
    job,
  );
  for (const row of left.masked) target.out.fill(NaN, row * k, (row + 1) * k);
  const full: FullComponents = wide
    ? { k, factors: target.out, loadings: rightFull }
    : { k, factors: rightFull, loadings: target.out };
  const { reproject } = request;
  if (reproject === 'navigation' || reproject === 'both') {
    await reprojectPixels(prepared, mean, full, job, phases.reproject);
  }
  if (reproject === 'signal' || reproject === 'both') {
    await reprojectChannels(prepared, mean, full, job, phases.reproject);
  }
  return { ...full, singularValues: svd.singularValues, mean, energy: svd.energy, method };
}

const signOf = (value: number): number => (value < 0 ? -1 : 1);

/** Sign of the entry of the largest absolute value in each column, the first on ties. */
function columnSigns({ data, rows, cols }: Matrix): Float64Array {
  const peaks = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++)
      if (Math.abs(data[i * cols + j]!) > Math.abs(peaks[j]!)) peaks[j] = data[i * cols + j]!;
  }
  return peaks.map(signOf);
}

/** Up to this many numbers the messages of a pass take longer than its work. */
const fewNumbers = 2 ** 20;

async function multiplyColumns(
  { out, rowCount, k }: LeftTarget,
  factors: Float64Array,
  job: Job,
  phase: number,
): Promise<void> {
  if (factors.every((f) => f === 1)) return;
  if (out.length <= fewNumbers) {
    for (let at = 0; at < out.length; at += k) for (let j = 0; j < k; j++) out[at + j]! *= factors[j]!;
    return;
  }
  const source = {
    kind: 'shared' as const,
    buffer: out.buffer,
    dtype: 'float64' as const,
    samples: rowCount,
    features: k,
  };
  await job.run(signColumnsPass, { source }, { factors, out }, phase);
}

/** All kept rows at their places, times the column factors and the scale of the row; left-out rows NaN. May take `rows` over. */
function expandRows(
  rows: Matrix,
  side: Selection,
  factors: Float64Array,
  scale: Float64Array | null,
  job: Job,
): Float64Array<SharedArrayBuffer> {
  const k = rows.cols;
  const { buffer } = rows.data;
  const isInPlace = buffer instanceof SharedArrayBuffer && buffer.byteLength === side.size * k * 8;
  const out = isInPlace ? new Float64Array(buffer) : job.allocate(side.size * k);
  for (const row of side.masked) out.fill(NaN, row * k, (row + 1) * k);
  for (let i = 0; i < rows.rows; i++) {
    const to = (side.kept ? side.kept[i]! : i) * k;
    const factor = scale ? scale[i]! : 1;
    for (let j = 0; j < k; j++) out[to + j] = rows.data[i * k + j]! * factors[j]! * factor;
  }
  return out;
}

/** Below this share of the largest singular value a column of P·S is rounding and has no direction. */
const directionless = 1e-12;

/** Turns P·S into P. Columns without a direction get one at right angles to all others, so that P is orthonormal. */
function divideLeft(target: LeftTarget, svd: TallSvd, signs: Float64Array, job: Job): void {
  const { out, k, rows, scale } = target;
  const s = svd.singularValues;
  const largest = s[0] ?? 0;
  const good = s.findLastIndex((value) => value > directionless * largest) + 1;
  const p = keptRows(out, rows?.length ?? target.rowCount, k, rows, scale);
  const random = createRandom(job.seed);
  for (let i = 0; i < p.rows; i++) {
    for (let j = 0; j < k; j++)
      p.data[i * k + j] = j < good ? (p.data[i * k + j]! * signs[j]!) / s[j]! : random.gaussian();
  }
  const q = good < k ? qrThin(p).q : p;
  for (let i = 0; i < p.rows; i++) {
    const to = (rows ? rows[i]! : i) * k;
    const factor = scale ? scale[i]! : 1;
    for (let j = 0; j < k; j++) out[to + j] = (j < good ? p : q).data[i * k + j]! * factor;
  }
}
