import { contiguousStrides } from './permute.ts';

export interface Box {
  start: number[];
  count: number[];
  elements: number;
}

/**
 * Cuts a run of elements [first, end) of an array in C order into boxes that are one run of elements each, in order: at
 * most two per axis and one more.
 */
export function* boxesOfRun(shape: readonly number[], first: number, end: number): Generator<Box> {
  const strides = contiguousStrides(shape);
  for (let at = first; at < end;) {
    // as many trailing axes whole as the place and the rest allow
    let axis = shape.length - 1;
    for (; axis > 0; axis--) {
      const stride = strides[axis - 1]!;
      if (at % stride !== 0 || at + stride > end) break;
    }
    const start = strides.map((stride, a) => Math.floor(at / stride) % shape[a]!);
    const n = Math.min(shape[axis]! - start[axis]!, Math.floor((end - at) / strides[axis]!));
    const elements = n * strides[axis]!;
    yield { start, count: shape.map((whole, a) => (a < axis ? 1 : a === axis ? n : whole)), elements };
    at += elements;
  }
}
