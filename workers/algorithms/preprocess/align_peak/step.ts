import type { SignalHeader } from '../../../model/signal.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { featureCount } from '../../../model/signal.ts';
import { forEachSpectrum, openBySpectrum } from '../pipeline/by-spectrum.ts';
import { channelRange } from '../pipeline/channel-range.ts';
import { floatingTypeOf, requireReal } from '../pipeline/encode.ts';
import { linesOf } from '../pipeline/lines.ts';
import type { Measured, Preparation, StepValues } from '../pipeline/preparation.ts';
import { correlationWith, findCentre, findMaximum, type FindPeak } from './find-shift.ts';
import type { alignPeak } from './spec.ts';

type Values = StepValues<typeof alignPeak>;

/** How often the mean spectrum is made anew of aligned ones; it hardly changes after that. */
const sharpenings = 2;

const refuse = (param: string, message: string): never => {
  throw new EigenscopeError('parameter-out-of-range', `${param}: ${message}`, { param });
};

function windowOf(signal: SignalHeader, { start, end }: Values): readonly [number, number] {
  const range = channelRange(signal.axes[linesOf(signal, null).axis]!, start, end);
  if (range[1] - range[0] < 3) refuse('end', 'the window must hold at least 3 channels.');
  return range;
}

/** How the shift of a window is found, and what it is compared with: a place in the window, in channels. */
function finderOf({ method }: Values, { mean, target }: Measured): { find: FindPeak; target: number } {
  if (method === 'correlation') return { find: correlationWith(mean!), target: 0 };
  return { find: method === 'maximum' ? findMaximum : findCentre, target: target![0]! };
}

/** The spectrum moved by `shift` channels to the left, fractions by linear interpolation. */
function move(input: Float64Array, output: Float64Array, shift: number, edges: Values['edges']): void {
  const n = input.length;
  const whole = Math.floor(shift);
  const part = shift - whole;
  const outside = edges === 'nan' ? NaN : 0;
  for (let i = 0; i < n; i++) {
    const at = i + whole;
    if (at < 0 || at >= n || (part > 0 && at + 1 >= n)) {
      if (edges !== 'hold') output[i] = outside;
      else output[i] = at < 0 ? input[0]! : input[n - 1]!;
    } else output[i] = part === 0 ? input[at]! : input[at]! * (1 - part) + input[at + 1]! * part;
  }
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    requireReal(signal, 'the alignment');
    const { axis, starts } = linesOf(signal, null);
    if (starts.length !== 1) refuse('start', 'spectra are aligned; these data have several signal axes.');
    if (signal.axes[axis]!.values !== undefined) {
      refuse('start', `${signal.axes[axis]!.name} is uneven, so that a shift means something else everywhere.`);
    }
    windowOf(signal, values);
    return { dtype: floatingTypeOf(signal.dtype) };
  },

  measure(given, values, check) {
    const { signal } = given;
    const [first, end] = windowOf(signal, values);
    const sum = new Float64Array(featureCount(signal.axes));
    let count = 0;
    /** The mean of the windows after they were aligned to the mean so far: drift has smeared the first one. */
    const sharpen = (smeared: Float64Array): Float64Array => {
      let mean = smeared;
      for (let pass = 0; pass < sharpenings; pass++) {
        const find = correlationWith(mean);
        const next = new Float64Array(mean.length);
        const moved = new Float64Array(sum.length);
        forEachSpectrum(given, check, (spectrum) => {
          move(spectrum, moved, find(spectrum.subarray(first, end)) ?? 0, 'hold');
          for (let i = 0; i < next.length; i++) next[i] = next[i]! + moved[first + i]! / count;
        });
        mean = next;
      }
      return mean;
    };
    forEachSpectrum(given, check, (spectrum) => {
      count++;
      for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + spectrum[i]!;
    });
    const mean = sum.subarray(first, end).map((value) => value / count);
    if (values.method === 'correlation') return { mean: sharpen(mean) };
    const axis = signal.axes[linesOf(signal, null).axis]!;
    const found = (values.method === 'maximum' ? findMaximum : findCentre)(mean);
    if (found === null && values.position === null)
      refuse('start', 'the mean spectrum is constant there; choose a window with a peak.');
    const target = values.position === null ? found! : (values.position - axis.offset) / axis.scale - first;
    return { target: Float64Array.of(target) };
  },

  open(given, to, values, measured) {
    const [first, end] = windowOf(given.signal, values);
    const { find, target } = finderOf(values, measured);
    return openBySpectrum(given, to, (input, output) => {
      const found = find(input.subarray(first, end));
      if (found === null || Number.isNaN(found)) output.set(input);
      else move(input, output, found - target, values.edges);
    });
  },
};
