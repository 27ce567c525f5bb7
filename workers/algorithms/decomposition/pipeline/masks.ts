import { EigenscopeError } from '../../../model/errors.ts';
import { elementCount } from '../../../model/dtype.ts';
import type { InputArray } from '../../../job.ts';
import { shareIndices } from '../../../passes/share.ts';

/** Which indices of one side (pixels or channels) take part, and which are left out. */
export interface Selection {
  /** size of the side before masking */
  size: number;
  /** kept indices in order, in shared memory; absent when all are kept */
  kept?: Int32Array<SharedArrayBuffer>;
  keptCount: number;
  /** left-out indices in order */
  masked: Int32Array<SharedArrayBuffer>;
}

/**
 * Reads a mask: true (not 0) = left out. It has the array shape of its side, slowest axis first, or is flattened.
 * @throws EigenscopeError `shape-mismatch` naming the parameter, both shapes and what to do
 */
export function selectKept(mask: InputArray | undefined, parameter: string, shape: readonly number[]): Selection {
  const size = elementCount(shape);
  if (!mask) return { size, keptCount: size, masked: shareIndices([]) };
  checkShape(mask, parameter, shape, size);
  const kept: number[] = [];
  const masked: number[] = [];
  for (let i = 0; i < size; i++) (mask.data[i] === 0 ? kept : masked).push(i);
  const selection = { size, keptCount: kept.length, masked: shareIndices(masked) };
  return masked.length === 0 ? selection : { ...selection, kept: shareIndices(kept) };
}

/** Whether a mask has this shape, but for axes of length 1, or is flattened. */
export function fitsShape(mask: InputArray, shape: readonly number[]): boolean {
  const size = elementCount(shape);
  const axes = mask.shape.filter((n) => n !== 1);
  const expected = shape.filter((n) => n !== 1);
  const same = axes.length === expected.length && axes.every((n, i) => n === expected[i]);
  const flattened = axes.length <= 1 && elementCount(mask.shape) === size;
  return (same || flattened) && mask.data.length === size;
}

function checkShape(mask: InputArray, parameter: string, shape: readonly number[], size: number): void {
  if (fitsShape(mask, shape)) return;
  throw new EigenscopeError(
    'shape-mismatch',
    `${parameter} has shape (${mask.shape.join(', ')}); (${shape.join(', ')}) is needed, ` +
      `the shape of the data's ${parameter === 'signal_mask' ? 'signal' : 'navigation'} axes (slowest first), ` +
      `or the same flattened (${size}).`,
    { parameter, found: mask.shape.join(' × '), expected: shape.join(' × ') },
  );
}
