import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { featureCount, navigationAxes } from '../../../model/signal.ts';
import { forEachSpectrum, openBySpectrum } from '../pipeline/by-spectrum.ts';
import { floatingTypeOf, requireReal } from '../pipeline/encode.ts';
import type { OpenSignal, Preparation, StepValues } from '../pipeline/preparation.ts';
import type { reflectance } from './spec.ts';

const lineOf = (signal: SignalHeader): number => navigationAxes(signal.axes).at(-1)?.size ?? 1;

/** The mean of a reference: one spectrum, or one for every pixel of the camera's line where it has as many. */
function meanOf(reference: OpenSignal, line: number, check: () => void): Float64Array {
  const features = featureCount(reference.signal.axes);
  const own = lineOf(reference.signal);
  const pixels = own === line ? line : 1;
  const sum = new Float64Array(pixels * features);
  let count = 0;
  forEachSpectrum(reference, check, (spectrum, pixel) => {
    count++;
    const at = (pixels === 1 ? 0 : pixel % own) * features;
    for (let i = 0; i < features; i++) sum[at + i] = sum[at + i]! + spectrum[i]!;
  });
  const each = count / pixels;
  return sum.map((value) => value / each);
}

export const step: Preparation<StepValues<typeof reflectance>> = {
  describe({ signal, inputs }) {
    requireReal(signal, 'reflectance');
    const features = featureCount(signal.axes);
    for (const [param, [reference]] of Object.entries(inputs)) {
      requireReal(reference!, 'reflectance');
      if (featureCount(reference!.axes) === features) continue;
      throw new EigenscopeError(
        'shape-mismatch',
        `${param}: “${reference!.title}” has ${featureCount(reference!.axes)} channels, the data ${features}.`,
        { param },
      );
    }
    return { dtype: floatingTypeOf(signal.dtype), quantity: { name: 'Reflectance', units: null } };
  },

  measure({ signal, inputs }, _, check) {
    const line = lineOf(signal);
    const dark = inputs['dark']?.[0];
    return {
      white: meanOf(inputs['white']![0]!, line, check),
      dark: dark === undefined ? new Float64Array(featureCount(signal.axes)) : meanOf(dark, line, check),
    };
  },

  open(given, to, { least }, { white, dark }) {
    const features = featureCount(given.signal.axes);
    const line = lineOf(given.signal);
    return openBySpectrum(given, to, (input, output, pixel) => {
      const column = (pixel % line) * features;
      const w = white!.length === features ? 0 : column;
      const d = dark!.length === features ? 0 : column;
      for (let i = 0; i < features; i++) {
        const range = white![w + i]! - dark![d + i]!;
        output[i] = range > least ? (input[i]! - dark![d + i]!) / range : 0;
      }
    });
  },
};
