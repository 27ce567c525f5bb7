import { isColour, isComplex } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { componentsOf, componentsToFloat64 } from '../../../readers/elements.ts';
import { writeElements } from '../pipeline/encode.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { complexPart } from './spec.ts';

type Part = NonNullable<StepValues<typeof complexPart>['part']>;

const complexParts: readonly Part[] = ['amplitude', 'phase', 'real', 'imaginary'];

/** One number of the components of a value. */
const takers: Readonly<Record<Part, (v: Float64Array, at: number) => number>> = {
  amplitude: (v, at) => Math.hypot(v[at]!, v[at + 1]!),
  phase: (v, at) => Math.atan2(v[at + 1]!, v[at]!),
  real: (v, at) => v[at]!,
  imaginary: (v, at) => v[at + 1]!,
  brightness: (v, at) => 0.299 * v[at]! + 0.587 * v[at + 1]! + 0.114 * v[at + 2]!,
  red: (v, at) => v[at]!,
  green: (v, at) => v[at + 1]!,
  blue: (v, at) => v[at + 2]!,
};

export const step: Preparation<StepValues<typeof complexPart>> = {
  describe({ signal: { dtype } }, { part }) {
    const isFitting = part === null || complexParts.includes(part) === isComplex(dtype);
    if (!(isComplex(dtype) || isColour(dtype)) || !isFitting) {
      throw new EigenscopeError(
        'parameter-out-of-range',
        `part: the data are ${dtype}, which has no ${part ?? 'parts'}.`,
        {
          param: 'part',
        },
      );
    }
    return {
      dtype:
        dtype === 'complex64' || dtype.endsWith('8') ? (dtype === 'complex128' ? 'float64' : 'float32') : 'float64',
    };
  },
  open({ signal, pixels }, to, { part }) {
    const take = takers[part ?? (isComplex(signal.dtype) ? 'amplitude' : 'brightness')];
    const { count: parts } = componentsOf(signal.dtype);
    return {
      ...(pixels.band === undefined ? {} : { band: pixels.band }),
      readInto(target, start, count) {
        const values = componentsToFloat64(pixels.read(start, count), signal.dtype);
        const out = new Float64Array(values.length / parts);
        for (let i = 0; i < out.length; i++) out[i] = take(values, i * parts);
        writeElements(out, to.dtype, target);
      },
    };
  },
};
