import type { Job, ParentResult, RunInput } from '../../../job.ts';
import { viewShape } from '../../../matrix-view.ts';
import { elementCount } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { choosePeakMaps, refusePeakChoice, type PeakChoice } from '../../cluster/pipeline/peak-maps.ts';
import { copyPass } from '../../decomposition/MLPCA/resident.ts';
import { selectKept } from '../../decomposition/pipeline/masks.ts';
import { maskedView } from '../../decomposition/pipeline/prepare.ts';

export interface SourceValues extends PeakChoice {
  cluster_source: string | null;
  number_of_components: number | null;
}

/** The rows that are divided: x [rows.length × p], row-major, in shared memory that may be longer. */
export interface PixelRows {
  x: Float64Array<SharedArrayBuffer>;
  p: number;
  /** the pixel of every row, in order */
  pixels: Int32Array;
  /** number of pixels in all, with those left out */
  samples: number;
  notes: string[];
}

/**
 * A copy of the values of every pixel that takes part: spectra, loadings, separated loadings, or another array with a row
 * per pixel. Masked pixels and those with a value that is not finite are left out.
 * @throws EigenscopeError `bad-request` when the step is not applied to what is asked for; `shape-mismatch`,
 *   `parameter-out-of-range`, `all-masked`, `not-finite`
 */
export async function gatherPixelRows(
  input: RunInput,
  values: SourceValues,
  job: Job,
  phase: number,
): Promise<PixelRows> {
  const samples = elementCount(input.navigationShape);
  const pixels = selectKept(input.inputs['navigation_mask'], 'navigation_mask', input.navigationShape);
  if (pixels.keptCount === 0) throw allMasked(samples, 'pixels');
  const kept = pixels.kept ?? Int32Array.from({ length: samples }, (_, i) => i);
  const table = findTable(input, values, samples);
  let x: Float64Array<SharedArrayBuffer>;
  let p: number;
  if (table === null) {
    const channels = selectKept(input.inputs['signal_mask'], 'signal_mask', input.signalShape);
    if (channels.keptCount === 0) throw allMasked(channels.size, 'channels');
    const view = maskedView(input.data, pixels, channels);
    p = viewShape(view).cols;
    x = job.allocate(kept.length * p);
    await job.run(copyPass, view, { out: { kind: 'shared', data: x } }, phase);
  } else {
    p = table.columns;
    x = job.allocate(kept.length * p);
    kept.forEach((pixel, to) => {
      for (let j = 0; j < p; j++) x[to * p + j] = table.data[pixel * table.stride + j]!;
    });
  }
  const finite = packFinite(x, p, kept);
  const without = kept.length - finite.length;
  if (finite.length === 0) {
    throw new EigenscopeError(
      'not-finite',
      `Every pixel has a value that is not a finite number (NaN or infinity), so nothing can be compared. ` +
        'Mask the channels that hold them, or replace the values first.',
      { pixels: kept.length },
    );
  }
  const isOwn = table === null || values.cluster_source === null || !isWord(values.cluster_source);
  const notes =
    without > 0 && isOwn
      ? [`${without} of ${kept.length} pixels hold values that are not finite numbers; they were left out.`]
      : [];
  return { x, p, pixels: finite, samples, notes };
}

const isWord = (source: string): boolean => ['signal', 'decomposition', 'bss'].includes(source);

interface Table {
  data: Float64Array;
  /** columns that are used, of `stride` */
  columns: number;
  stride: number;
}

/** The array with a row per pixel that `cluster_source` names; null for the data themselves. */
function findTable(input: RunInput, values: SourceValues, samples: number): Table | null {
  const source = values.cluster_source ?? 'signal';
  if (source === 'signal') return null;
  if (source === 'decomposition') return loadingsOf(input, 'loadings', 'decomposition', values.number_of_components);
  if (source === 'bss')
    return loadingsOf(input, 'bss_loadings', 'blind source separation', values.number_of_components);
  const array = input.inputs['cluster_source'];
  const columns = array === undefined ? 0 : array.data.length / samples;
  if (array === undefined || !Number.isInteger(columns) || columns < 1) {
    throw new EigenscopeError(
      'shape-mismatch',
      `cluster_source has shape (${array?.shape.join(', ') ?? ''}); one row for each of the ${samples} pixels is needed.`,
      { found: array?.shape.join(' × ') ?? '', samples },
    );
  }
  const maps = array.peaks ? choosePeakMaps(array.data, samples, array.peaks, values) : { data: array.data, columns };
  if (!array.peaks) refusePeakChoice(values, 'cluster_source');
  return { ...maps, stride: maps.columns };
}

function loadingsOf(input: RunInput, name: string, what: string, asked: number | null): Table {
  let from: ParentResult | undefined = input.parent;
  while (from && from.arrays[name]?.dtype !== 'float64') from = from.parent;
  const array = from?.arrays[name];
  if (!from || array?.dtype !== 'float64') {
    throw new EigenscopeError(
      'bad-request',
      `cluster_source asks for the loadings of a ${what}, but the step is not computed from one. Apply it to a ${what}, or choose “signal”.`,
      { needed: name },
    );
  }
  const stride = array.shape[1] ?? 1;
  if (asked !== null && asked > stride) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `number_of_components must be from 1 to ${stride} here, because there are ${stride} loadings; got ${asked}.`,
      { parameter: 'number_of_components', available: stride },
    );
  }
  const significant = name === 'loadings' ? from.scalars['number_significant_components'] : null;
  const usual = typeof significant === 'number' ? Math.min(stride, Math.max(1, significant)) : stride;
  return { data: array.data, columns: asked ?? usual, stride };
}

/** Moves the rows without NaN or infinity to the front; returns their pixels. */
function packFinite(x: Float64Array, p: number, pixels: Int32Array): Int32Array {
  const finite: number[] = [];
  for (let i = 0; i < pixels.length; i++) {
    let sum = 0;
    for (let at = i * p; at < (i + 1) * p; at++) sum += x[at]! - x[at]!;
    if (sum !== 0) continue;
    if (finite.length < i) x.copyWithin(finite.length * p, i * p, (i + 1) * p);
    finite.push(pixels[i]!);
  }
  return Int32Array.from(finite);
}

function allMasked(size: number, what: 'pixels' | 'channels'): EigenscopeError {
  const mask = what === 'pixels' ? 'navigation mask' : 'signal mask';
  return new EigenscopeError(
    'all-masked',
    `All ${size} ${what} are masked, so there is nothing to divide. Clear the ${mask} or invert it.`,
    { masked: size },
  );
}
