import { isColour, isComplex, type DType } from '../model/dtype.ts';
import { componentsOf, componentsToFloat64 } from '../readers/elements.ts';
import type { Elements } from '../readers/pixel-source.ts';

/**
 * One real number per element, for looking at: real values as they are, complex ones as their modulus, colours as
 * their luma (Rec. 601 weights). Algorithms never see these: they refuse such data by name.
 */
export function shownValues(elements: Elements, dtype: DType): Float64Array {
  const parts = componentsToFloat64(elements, dtype);
  const { count } = componentsOf(dtype);
  if (isComplex(dtype)) {
    return Float64Array.from({ length: parts.length / 2 }, (_, i) => Math.hypot(parts[2 * i]!, parts[2 * i + 1]!));
  }
  if (isColour(dtype)) {
    return Float64Array.from(
      { length: parts.length / count },
      (_, i) => 0.299 * parts[count * i]! + 0.587 * parts[count * i + 1]! + 0.114 * parts[count * i + 2]!,
    );
  }
  return parts;
}
