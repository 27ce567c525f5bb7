import type { DType } from '../../../model/dtype.ts';
import { isColour, isComplex } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { toFloat64 } from '../../../readers/elements.ts';
import { floatingTypeOf, writeElements } from './encode.ts';
import type { OpenSignal } from './preparation.ts';

/**
 * The type that holds the values of all signals.
 * @throws EigenscopeError `unsupported-format` for complex numbers or colours beside something else
 */
export function commonType(signals: readonly SignalHeader[], what: string): DType {
  const types = [...new Set(signals.map(({ dtype }) => dtype))];
  if (types.length === 1) return types[0]!;
  const odd = types.find((dtype) => isComplex(dtype) || isColour(dtype));
  if (odd !== undefined) {
    throw new EigenscopeError(
      'unsupported-format',
      `others: ${what} takes data of one kind; found ${types.join(' and ')}.`,
      {
        param: 'others',
      },
    );
  }
  return types.every((dtype) => floatingTypeOf(dtype) === 'float32') ? 'float32' : 'float64';
}

/** Reads a block of a signal as another type into memory. */
export function copyAs(
  { signal, pixels }: OpenSignal,
  dtype: DType,
  target: Uint8Array,
  start: readonly number[],
  count: readonly number[],
): void {
  if (signal.dtype === dtype) pixels.readInto(target, start, count);
  else writeElements(toFloat64(pixels.read(start, count), signal.dtype), dtype, target);
}

/** A sentence for every axis that another signal has calibrated differently. */
export function differentAxes(first: SignalHeader, other: SignalHeader, except = -1): string[] {
  return first.axes.flatMap((axis, i) => {
    const its = other.axes[i]!;
    const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(axis.scale), 1e-300);
    if (i === except || (near(axis.scale, its.scale) && near(axis.offset, its.offset))) return [];
    return [
      `“${other.title}” has another calibration of ${axis.name} (${its.scale} from ${its.offset}); that of “${first.title}” is kept.`,
    ];
  });
}
