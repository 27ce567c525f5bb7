import { elementCount, itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { SignalHeader } from '../model/signal.ts';
import { elementsOver } from './elements.ts';
import { contiguousStrides, copyStrided } from './permute.ts';
import type { Elements, PixelSource } from './pixel-source.ts';

/* What sources of pixels of most formats do alike. Blocks are [start, start + count) along every axis, slowest first. */

type Numbers = readonly number[];
type Described = Pick<SignalHeader, 'shape' | 'dtype'>;

/** @throws EigenscopeError `parameter-out-of-range` when the block leaves the array. */
export function checkBlock(signal: Pick<SignalHeader, 'shape'>, start: Numbers, count: Numbers): void {
  const { shape } = signal;
  const fits =
    start.length === shape.length &&
    count.length === shape.length &&
    shape.every((size, i) => start[i]! >= 0 && count[i]! >= 0 && start[i]! + count[i]! <= size);
  if (fits && [...start, ...count].every(Number.isInteger)) return;
  throw new EigenscopeError(
    'parameter-out-of-range',
    `The block [${start.join(', ')}] + [${count.join(', ')}] leaves the array of shape [${shape.join(', ')}].`,
  );
}

/** `read` of a source that knows `readInto`: a block in memory of its own. */
export const readThrough =
  (signal: Described, readInto: PixelSource['readInto']): PixelSource['read'] =>
  (start, count) => {
    checkBlock(signal, start, count);
    const elements = elementCount(count);
    const bytes = new Uint8Array(elements * itemSize(signal.dtype));
    readInto(bytes, start, count);
    return elementsOver(bytes.buffer, 0, elements, signal.dtype);
  };

/** Both ways of reading for a source that fills typed elements; memory that is not aligned gets a copy. */
export function readByFilling<T extends Elements>(
  signal: Described,
  fill: (target: T, start: Numbers, count: Numbers) => void,
): Pick<PixelSource, 'read' | 'readInto'> {
  const size = itemSize(signal.dtype);
  const read = (start: Numbers, count: Numbers): T => {
    checkBlock(signal, start, count);
    const elements = elementCount(count);
    const target = elementsOver(new ArrayBuffer(elements * size), 0, elements, signal.dtype) as T;
    fill(target, start, count);
    return target;
  };
  return {
    read,
    readInto(target, start, count) {
      checkBlock(signal, start, count);
      if (target.byteOffset % size === 0) {
        const elements = elementsOver(target.buffer, target.byteOffset, target.length / size, signal.dtype);
        fill(elements as T, start, count);
      } else {
        const elements = read(start, count);
        target.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength));
      }
    },
  };
}

/** `readInto` of an array that is whole in memory, its axes `strides` elements apart (C order when not given). */
export function readFrom(
  signal: Described,
  whole: () => Uint8Array,
  strides: Numbers = contiguousStrides(signal.shape),
): PixelSource['readInto'] {
  return (target, start, count) => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    const offset = start.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
    copyStrided(
      itemSize(signal.dtype),
      count,
      { bytes: whole(), strides, offset },
      { bytes: target, strides: contiguousStrides(count), offset: 0 },
    );
  };
}

/** A block as runs of elements that lie behind one another in an array in C order; none of it is empty. */
export interface RunsOfBlock {
  /** elements of every run */
  length: number;
  /** elements from the start of a run to that of its neighbour along the next axis; 0 when there is but one run */
  apart: number;
  /** where each run begins in the array, in order, in elements */
  firsts: Iterable<number>;
}

function* firstsOf(strides: Numbers, start: Numbers, count: Numbers, axes: number): Generator<number> {
  const index = new Array<number>(axes).fill(0);
  const origin = start.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
  for (let left = elementCount(count.slice(0, axes)); left > 0; left--) {
    yield index.reduce((sum, i, axis) => sum + i * strides[axis]!, origin);
    for (let axis = axes - 1; axis >= 0; axis--) {
      if (++index[axis]! < count[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Trailing axes that are taken whole form one run with the axis before them. */
export function runsOfBlock(shape: Numbers, start: Numbers, count: Numbers): RunsOfBlock {
  const strides = contiguousStrides(shape);
  let axis = Math.max(0, count.length - 1);
  while (axis > 0 && count[axis] === shape[axis]) axis--;
  return {
    length: count.length === 0 ? 1 : count[axis]! * strides[axis]!,
    apart: axis > 0 ? strides[axis - 1]! : 0,
    firsts: firstsOf(strides, start, count, axis),
  };
}
