import { axisValues, type Axis } from '../../../model/axes.ts';
import { itemSize } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { contiguousStrides, copyStrided } from '../../../readers/permute.ts';
import { axisIndexOf } from '../pipeline/axis-of.ts';
import { commonType, copyAs, differentAxes } from '../pipeline/join.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { merge } from './spec.ts';

/** The joined axis: uniform where every part goes on where the one before ends, else listed. */
function joinAxes(parts: readonly Axis[]): Axis {
  const [first] = parts as [Axis, ...Axis[]];
  const size = parts.reduce((n, part) => n + part.size, 0);
  let at = 0;
  const goesOn = parts.every((part) => {
    const expected = first.offset + first.scale * at;
    at += part.size;
    const isNear = Math.abs(part.offset - expected) <= 0.01 * Math.abs(first.scale);
    return part.values === undefined && isNear && Math.abs(part.scale - first.scale) <= 1e-6 * Math.abs(first.scale);
  });
  const { values: _, ...rest } = first;
  if (goesOn) return { ...rest, size };
  // parts without any calibration are simply counted on
  if (parts.every(({ units, scale, offset, values }) => !units && scale === 1 && offset === 0 && !values))
    return { ...rest, size };
  return { ...rest, size, values: parts.flatMap((part) => Array.from(axisValues(part))) };
}

export const step: Preparation<StepValues<typeof merge>> = {
  describe({ signal, inputs }, values) {
    const others = inputs['others'] ?? [];
    const index = axisIndexOf(signal.axes, values.axis!);
    const odd = others.find(
      ({ shape }) => shape.length !== signal.shape.length || shape.some((n, i) => i !== index && n !== signal.shape[i]),
    );
    if (odd !== undefined) {
      throw new EigenscopeError(
        'shape-mismatch',
        `others: “${odd.title}” is ${odd.shape.join(' × ')}; beside ${signal.axes[index]!.name} it must fit ${signal.shape.join(' × ')}.`,
        { param: 'others' },
      );
    }
    const all = [signal, ...others];
    const axis = joinAxes(all.map(({ axes }) => axes[index]!));
    return {
      axes: signal.axes.with(index, axis),
      shape: signal.shape.with(index, axis.size),
      dtype: commonType(all, 'merging'),
      warnings: [...signal.warnings, ...others.flatMap((other) => differentAxes(signal, other, index))],
    };
  },

  open({ inputs, ...first }, to, values) {
    const all = [first, ...(inputs['others'] ?? [])];
    const index = axisIndexOf(first.signal.axes, values.axis!);
    const size = itemSize(to.dtype);
    return {
      readInto(target, start, count) {
        const strides = contiguousStrides(count);
        let begin = 0;
        for (const part of all) {
          const length = part.signal.shape[index]!;
          const from = Math.max(start[index]!, begin);
          const end = Math.min(start[index]! + count[index]!, begin + length);
          if (from < end) {
            const each = count.with(index, end - from);
            const bytes = new Uint8Array(each.reduce((n, c) => n * c, size));
            copyAs(part, to.dtype, bytes, start.with(index, from - begin), each);
            copyStrided(
              size,
              each,
              { bytes, strides: contiguousStrides(each), offset: 0 },
              { bytes: target, strides, offset: (from - start[index]!) * strides[index]! },
            );
          }
          begin += length;
        }
      },
    };
  },
};
