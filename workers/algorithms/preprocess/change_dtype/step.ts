import { toFloat64 } from '../../../readers/elements.ts';
import { requireReal, writeElements } from '../pipeline/encode.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { changeDtype } from './spec.ts';

export const step: Preparation<StepValues<typeof changeDtype>> = {
  describe({ signal }, { dtype }) {
    requireReal(signal, 'the conversion');
    return { dtype };
  },
  open: ({ signal, pixels }, to) => ({
    ...(pixels.band === undefined ? {} : { band: pixels.band }),
    readInto(target, start, count) {
      writeElements(toFloat64(pixels.read(start, count), signal.dtype), to.dtype, target);
    },
  }),
};
