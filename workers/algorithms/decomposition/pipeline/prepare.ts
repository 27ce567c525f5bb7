import { EigenscopeError } from '../../../model/errors.ts';
import { isFloating, elementCount } from '../../../model/dtype.ts';
import type { MatrixView } from '../../../model/rows.ts';
import type { Job, RunInput } from '../../../job.ts';
import { shareFloats } from '../../../passes/share.ts';
import { sumsPass, type Sums } from '../../../passes/sums.ts';
import { selectKept, type Selection } from './masks.ts';

/** The parameters that every decomposition shares. */
export interface CommonValues {
  normalize_poissonian_noise: boolean;
}

/** Noise scaling after Keenan & Kotula: A_ij = X_ij / (pixelScale_i · channelScale_j), 0/0 = 0. */
export interface PoissonScales {
  /** √(sum of the pixel), per kept pixel */
  pixel: Float64Array<SharedArrayBuffer>;
  /** √(sum of the channel), per kept channel */
  channel: Float64Array<SharedArrayBuffer>;
}

/** The data of a decomposition after the common steps: checked, masked, and noise-scaled when asked. */
export interface Prepared {
  source: MatrixView['source'];
  pixels: Selection;
  channels: Selection;
  /** kept pixels × kept channels, scaled when `poisson` is there */
  view: MatrixView;
  poisson: PoissonScales | null;
  /** of the kept, unscaled values */
  sums: Sums;
  /** sum of every kept pixel over the kept channels */
  pixelSums: Float64Array<SharedArrayBuffer>;
  notes: string[];
}

export interface PrepareOptions {
  /** the method gives values that are not finite numbers no weight: they are refused only when nothing else is there */
  allowMissing?: boolean;
}

/**
 * The steps before any decomposition: masks, checks, sums, noise scaling.
 * @param phase progress phase of the one pass over the data
 * @throws EigenscopeError `too-few-samples`, `shape-mismatch`, `all-masked`, `not-finite`, `negative-data`
 */
export async function prepareDecomposition(
  input: RunInput,
  values: CommonValues,
  job: Job,
  phase: number,
  { allowMissing = false }: PrepareOptions = {},
): Promise<Prepared> {
  const pixelCount = elementCount(input.navigationShape);
  checkShapes(input, pixelCount);
  if (pixelCount < 2) {
    throw new EigenscopeError(
      'too-few-samples',
      `The data have ${pixelCount} pixel; a decomposition compares spectra and needs at least 2. ` +
        'Check which axes are navigation axes.',
      { samples: pixelCount },
    );
  }
  const pixels = selectKept(input.inputs.navigation_mask, 'navigation_mask', input.navigationShape);
  const channels = selectKept(input.inputs.signal_mask, 'signal_mask', input.signalShape);
  checkKept(pixels, channels);
  const plain = maskedView(input.data, pixels, channels);
  const pixelSums = job.allocate(pixels.keptCount);
  const sums = await job.run(sumsPass, plain, { rowSums: pixelSums }, phase);
  const allMissing = sums.notFinite === pixels.keptCount * channels.keptCount;
  if (!allowMissing || allMissing) checkFinite(sums, pixels, channels);
  const notes: string[] = [];
  if (!isFloating(input.data.dtype)) {
    notes.push(`The data are whole numbers (${input.data.dtype}); they were converted to float64 for the calculation.`);
  } else if (input.data.dtype !== 'float64') {
    notes.push(`The data are ${input.data.dtype}; they were converted to float64 for the calculation.`);
  }
  const poisson = values.normalize_poissonian_noise ? poissonScales(sums, pixelSums, job) : null;
  const view = poisson ? { ...plain, rowScale: poisson.pixel, columnScale: poisson.channel } : plain;
  return { source: input.data, pixels, channels, view, poisson, sums, pixelSums, notes };
}

/** X with the masked pixels and channels left out. */
export function maskedView(source: MatrixView['source'], pixels: Selection, channels: Selection): MatrixView {
  return {
    source,
    ...(pixels.kept ? { rows: pixels.kept } : {}),
    ...(channels.kept ? { columns: channels.kept } : {}),
  };
}

function checkShapes(input: RunInput, pixelCount: number): void {
  const channelCount = elementCount(input.signalShape);
  if (input.data.samples !== pixelCount || input.data.features !== channelCount) {
    throw new EigenscopeError(
      'shape-mismatch',
      `The data hold ${input.data.samples} × ${input.data.features} values but their axes say ` +
        `${pixelCount} pixels × ${channelCount} channels.`,
      { samples: input.data.samples, features: input.data.features },
    );
  }
}

function checkKept(pixels: Selection, channels: Selection): void {
  const what = pixels.keptCount === 0 ? 'pixels' : channels.keptCount === 0 ? 'channels' : null;
  if (what) {
    const { size } = what === 'pixels' ? pixels : channels;
    const mask = what === 'pixels' ? 'navigation mask' : 'signal mask';
    throw new EigenscopeError(
      'all-masked',
      `All ${size} ${what} are masked, so there is nothing to decompose. Clear the ${mask} or invert it.`,
      { masked: size },
    );
  }
  if (pixels.keptCount < 2) {
    throw new EigenscopeError(
      'too-few-samples',
      `The navigation mask leaves 1 of ${pixels.size} pixels; a decomposition needs at least 2. Mask fewer pixels.`,
      { samples: pixels.keptCount, masked: pixels.masked.length },
    );
  }
}

function checkFinite(sums: Sums, pixels: Selection, channels: Selection): void {
  if (sums.notFinite === 0) return;
  const total = pixels.keptCount * channels.keptCount;
  throw new EigenscopeError(
    'not-finite',
    `${sums.notFinite} of ${total} values ${sums.notFinite === 1 ? 'is' : 'are'} not a finite number (NaN or infinity), ` +
      `in ${sums.rowsNotFinite} of ${pixels.keptCount} pixels. Mask these pixels or channels, or replace the values first.`,
    { notFinite: sums.notFinite, pixels: sums.rowsNotFinite },
  );
}

function poissonScales(sums: Sums, pixelSums: Float64Array, job: Job): PoissonScales {
  if (sums.negative > 0) {
    throw new EigenscopeError(
      'negative-data',
      `${sums.negative} ${sums.negative === 1 ? 'value is' : 'values are'} negative (the lowest is ${Number(sums.min.toPrecision(4))}); scaling for Poisson noise ` +
        'needs counts of 0 or more. Switch the scaling off, or undo a background subtraction first.',
      { negative: sums.negative, min: sums.min },
    );
  }
  return {
    pixel: shareFloats(job, pixelSums.map(Math.sqrt)),
    channel: shareFloats(job, sums.columnSums.map(Math.sqrt)),
  };
}
