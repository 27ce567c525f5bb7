import { plainAxis } from '../../../model/axes.ts';
import { elementCount, itemSize } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { commonType, copyAs, differentAxes } from '../pipeline/join.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { stack } from './spec.ts';

export const step: Preparation<StepValues<typeof stack>> = {
  describe({ signal, inputs }, values) {
    const others = inputs['others'] ?? [];
    const odd = others.find(({ shape }) => String(shape) !== String(signal.shape));
    if (odd !== undefined) {
      throw new EigenscopeError(
        'shape-mismatch',
        `others: “${odd.title}” is ${odd.shape.join(' × ')}, this data set ${signal.shape.join(' × ')}. Crop or rebin them to one shape first.`,
        { param: 'others' },
      );
    }
    const axes = [plainAxis(values.axis_name, others.length + 1, true), ...signal.axes];
    return {
      axes,
      shape: axes.map(({ size }) => size),
      dtype: commonType([signal, ...others], 'stacking'),
      warnings: [...signal.warnings, ...others.flatMap((other) => differentAxes(signal, other))],
    };
  },

  open({ inputs, ...first }, to) {
    const all = [first, ...(inputs['others'] ?? [])];
    const size = itemSize(to.dtype);
    return {
      readInto(target, [start = 0, ...rest], [count = 0, ...each]) {
        const bytes = elementCount(each) * size;
        for (let i = 0; i < count; i++) {
          copyAs(all[start + i]!, to.dtype, target.subarray(i * bytes, (i + 1) * bytes), rest, each);
        }
      },
    };
  },
};
