import type { Job, Run, RunInput } from '../../../job.ts';
import { axisValues } from '../../../model/axes.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { AlgorithmOutput } from '../../../model/result.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats, shareIndices } from '../../../passes/share.ts';
import type { ValuesOf } from '../../../specs/param.ts';
import { selectKept, type Selection } from '../../decomposition/pipeline/masks.ts';
import { fitPeaksPass, outcome } from './fit-pass.ts';
import { peakMeanPass } from './mean-pass.ts';
import { createPeakModel, type PeakModel } from './peak-model.ts';
import { findStart, type Frame } from './starting-point.ts';
import type { fitPeaks } from './spec.ts';

type Values = ValuesOf<typeof fitPeaks.params>;

const phases = { mean: 0, fit: 1 };

/** Peak parameters of every spectrum, see help.md. */
export const run: Run = async (input, given, job) => {
  const values = given as Values;
  const pixels = selectKept(input.inputs['navigation_mask'], 'navigation_mask', input.navigationShape);
  if (pixels.keptCount === 0) throw allMasked(`All ${pixels.size} pixels are masked`, 'navigation mask');
  const { indices, x, units } = findChannels(input, values.window);
  const peaks = values.positions?.length ?? values.n_peaks;
  const frame: Frame = { centre: (x[0]! + x.at(-1)!) / 2, half: (x.at(-1)! - x[0]!) / 2 || 1, units };
  checkPositions(values.positions, x);
  const logX = values.background === 'power_law' ? logarithms(x, frame) : null;
  const u = shareFloats(
    job,
    x.map((value) => (value - frame.centre) / frame.half),
  );
  const model = createPeakModel(u, logX && shareFloats(job, logX), values.background, peaks);
  checkChannels(model, x.length);

  const view: MatrixView = {
    source: input.data,
    columns: shareIndices(indices),
    ...(pixels.kept ? { rows: pixels.kept } : {}),
  };
  const { sums, rows, negative } = await job.run(peakMeanPass, view, {}, phases.mean);
  if (rows === 0) {
    throw new EigenscopeError(
      'not-finite',
      'Every spectrum has a value that is not a finite number (NaN or infinity). Mask these channels, or choose a window without them.',
      { pixels: pixels.keptCount },
    );
  }
  if (values.weights === 'poisson' && negative > 0) {
    throw new EigenscopeError(
      'negative-data',
      `${negative} ${negative === 1 ? 'value is' : 'values are'} negative; weights for counts need values of 0 or more. ` +
        'Choose uniform weights, or undo a background subtraction first.',
      { negative },
    );
  }
  const mean = sums.map((sum) => sum / rows);
  const start = findStart(mean, model, values, frame);
  const fits = await fitAll(
    view,
    pixels.keptCount,
    model,
    start,
    values.weights === 'poisson' ? mean : null,
    values,
    job,
  );
  const output = describeFits(fits, model, pixels, frame, values.width);
  if (!start.converged) {
    output.notes.unshift(
      'The fit of the mean spectrum did not settle, so that the fits of the pixels start from rough guesses. Check the number of peaks and the window.',
    );
  }
  return output;
};

interface Fits {
  found: Float64Array;
  errors: Float64Array;
  rms: Float64Array;
  outcomes: Float64Array;
}

async function fitAll(
  view: MatrixView,
  rows: number,
  model: PeakModel,
  { usual, lower, upper }: { usual: Float64Array; lower: Float64Array; upper: Float64Array },
  mean: Float64Array | null,
  values: Values,
  job: Job,
): Promise<Fits> {
  const width = model.nonlinear + model.linear;
  const fits = {
    found: job.allocate(rows * width).fill(NaN),
    errors: job.allocate(rows * width).fill(NaN),
    rms: job.allocate(rows).fill(NaN),
    outcomes: job.allocate(rows),
  };
  const { u, logX, background, peaks } = model;
  const { max_iter: maxIter, tol } = values;
  await job.run(
    fitPeaksPass,
    view,
    { u, logX, background, peaks, lower, upper, usual, maxIter, tol, mean, ...fits },
    phases.fit,
  );
  return fits;
}

/** The channels that take part, in the order of growing coordinates. */
function findChannels(
  input: RunInput,
  window: readonly number[] | null,
): { indices: Int32Array; x: Float64Array; units: string } {
  if (input.signalShape.length !== 1) {
    throw new EigenscopeError(
      'shape-mismatch',
      `Peaks are fitted to spectra with one signal axis; the data have ${input.signalShape.length}. Choose one signal axis, or sum over the others.`,
      { signalAxes: input.signalShape.length },
    );
  }
  const channels = selectKept(input.inputs['signal_mask'], 'signal_mask', input.signalShape);
  if (channels.keptCount === 0) throw allMasked(`All ${channels.size} channels are masked`, 'signal mask');
  const axis = input.axes?.find((one) => !one.navigate);
  const all = axis ? axisValues(axis) : Float64Array.from({ length: channels.size }, (_, j) => j);
  const [from, to] = window ?? [-Infinity, Infinity];
  const kept = channels.kept ?? Int32Array.from({ length: channels.size }, (_, j) => j);
  const indices = kept.filter((j) => all[j]! >= from! && all[j]! <= to!).sort((a, b) => all[a]! - all[b]! || a - b);
  const units = axis?.units ? ` ${axis.units}` : '';
  if (indices.length === 0) {
    const [least, most] = [Math.min(all[0]!, all.at(-1)!), Math.max(all[0]!, all.at(-1)!)];
    throw new EigenscopeError(
      'parameter-out-of-range',
      `window must overlap with the channels, which reach from ${least} to ${most}${units}; got ${window?.join(' to ') ?? ''}.`,
      { parameter: 'window' },
    );
  }
  return { indices, x: Float64Array.from(indices, (j) => all[j]!), units };
}

function checkPositions(positions: readonly number[] | null, x: Float64Array): void {
  const outside = positions?.find((position) => position < x[0]! || position > x.at(-1)!);
  if (outside === undefined) return;
  throw new EigenscopeError(
    'parameter-out-of-range',
    `positions must lie among the channels, which reach from ${x[0]} to ${x.at(-1)}; got ${outside}.`,
    { parameter: 'positions' },
  );
}

function checkChannels({ nonlinear, linear, peaks }: PeakModel, channels: number): void {
  const needed = nonlinear + linear + 1;
  if (channels >= needed) return;
  throw new EigenscopeError(
    'parameter-out-of-range',
    `${peaks} ${peaks === 1 ? 'peak' : 'peaks'} on this background need at least ${needed} channels; ${channels} take part. Widen the window, or fit fewer peaks.`,
    { parameter: 'n_peaks', channels },
  );
}

/** ln(x / centre). */
function logarithms(x: Float64Array, { centre }: Frame): Float64Array {
  if (!(x[0]! > 0)) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `background must not be a power law where coordinates are not positive; the first one is ${x[0]}. Choose a window above 0, or a line.`,
      { parameter: 'background' },
    );
  }
  return x.map((value) => Math.log(value / centre));
}

const allMasked = (what: string, mask: string): EigenscopeError =>
  new EigenscopeError('all-masked', `${what}, so there is nothing to fit. Clear the ${mask} or invert it.`);

function describeFits(
  { found, errors, rms, outcomes }: Fits,
  model: PeakModel,
  pixels: Selection,
  { centre, half }: Frame,
  widthAs: 'fwhm' | 'sigma',
): AlgorithmOutput {
  const { peaks, nonlinear, linear, background } = model;
  const samples = pixels.size;
  const columns = 3 * peaks;
  const each = nonlinear + linear;
  const widthFactor = half * (widthAs === 'fwhm' ? 2 * Math.sqrt(2 * Math.LN2) : 1);
  const maps = new Float64Array(samples * columns).fill(NaN);
  const errorMaps = new Float64Array(samples * columns).fill(NaN);
  const backgrounds = new Float64Array(samples * 2).fill(NaN);
  const residual = new Float64Array(samples).fill(NaN);
  const converged = new Uint8Array(samples);
  const count = { failed: 0, empty: 0, notFinite: 0, absent: 0 };
  outcomes.forEach((what, row) => {
    if (what === outcome.notFinite) count.notFinite++;
    else if (what === outcome.empty) count.empty++;
    else if (what === outcome.failed) count.failed++;
    if (what !== outcome.fitted) return;
    const pixel = pixels.kept ? pixels.kept[row]! : row;
    converged[pixel] = 1;
    residual[pixel] = rms[row]!;
    const own = found.subarray(row * each, (row + 1) * each);
    const ownErrors = errors.subarray(row * each, (row + 1) * each);
    for (let i = 0; i < peaks; i++) {
      const at = pixel * columns + 3 * i;
      if (own[nonlinear + i] === 0) count.absent++;
      maps.set([centre + half * own[2 * i]!, widthFactor * own[2 * i + 1]!, own[nonlinear + i]!], at);
      errorMaps.set([half * ownErrors[2 * i]!, widthFactor * ownErrors[2 * i + 1]!, ownErrors[nonlinear + i]!], at);
    }
    if (background === 'linear')
      backgrounds.set([own[nonlinear + peaks]!, own[nonlinear + peaks + 1]! / half], 2 * pixel);
    if (background === 'power_law') backgrounds.set([own[nonlinear + peaks]!, own[2 * peaks]!], 2 * pixel);
  });
  const names = Array.from({ length: peaks }, (_, i) =>
    ['position', 'width', 'height'].map((name) => `${name} ${i + 1}`),
  );
  const backgroundNames = ['background', background === 'power_law' ? 'exponent' : 'slope'];
  const output: AlgorithmOutput = {
    arrays: {
      parameter_maps: { dtype: 'float64', shape: [samples, columns], data: maps },
      parameter_errors: { dtype: 'float64', shape: [samples, columns], data: errorMaps },
      residual_rms: { dtype: 'float64', shape: [samples], data: residual },
      converged: { dtype: 'bool', shape: [samples], data: converged },
    },
    scalars: {
      n_peaks: peaks,
      parameter_names: JSON.stringify(names.flat()),
      failed_fits: count.failed,
      pixels_without_peaks: count.empty,
      absent_peaks: count.absent,
    },
    notes: notesOf(count, outcomes.length),
  };
  if (background !== 'none') {
    output.arrays['background_maps'] = { dtype: 'float64', shape: [samples, 2], data: backgrounds };
    output.scalars['background_names'] = JSON.stringify(backgroundNames);
  }
  return output;
}

function notesOf(
  { failed, empty, notFinite, absent }: { failed: number; empty: number; notFinite: number; absent: number },
  total: number,
): string[] {
  const notes: string[] = [];
  const of = (n: number): string => `${n} of ${total} pixels`;
  if (failed > 0)
    notes.push(
      `The fits of ${of(failed)} did not settle; they are empty. Raise max_iter, or narrow max_shift or the window.`,
    );
  if (empty > 0) notes.push(`${of(empty)} have no peak above the background; they are empty.`);
  if (notFinite > 0) notes.push(`${of(notFinite)} hold values that are not finite numbers; they are empty.`);
  if (absent > 0)
    notes.push(`${absent} times a peak was missing beside others: its height is 0, its position and width are empty.`);
  return notes;
}
