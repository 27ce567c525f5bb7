import type { DType } from '../../model/dtype.ts';
import { elementCount, isDType, itemSize } from '../../model/dtype.ts';
import type { Metadata, MetadataValue, SignalHeader } from '../../model/signal.ts';
import type { CodedLayout, OpenCoded } from '../codecs.ts';
import { componentsToFloat64, elementsOver } from '../elements.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, openUnchanged } from '../file-bytes.ts';
import { contiguousStrides, copyStrided } from '../permute.ts';
import type { PixelSource } from '../pixel-source.ts';
import { makeNative, storedPieces } from '../raw-pixels.ts';
import { readFrom, readThrough } from '../read-block.ts';
import { inflateCursor } from './mat-cursor.ts';
import { inflateWhole } from './mat-inflate.ts';
import type { MatPacked, MatRange } from './mat-node.ts';
import { decodeSparse } from './mat-sparse.ts';

/** Bytes that are wanted next: positions only grow, so that a stream can serve them. */
export interface WantedBytes {
  position: number;
  target: Uint8Array;
}

/** What a decoder needs to know; it came with the header. */
export interface MatPlan {
  path: string;
  littleEndian: boolean;
  array: Metadata;
  storedShape: number[];
  /** strides in the target, in elements, of every stored axis */
  storedStrides: number[];
  dtype: DType;
}

const asRange = (value: MetadataValue | undefined): MatRange => value as MatRange;

/** The numbers of one part (real or imaginary), box by box, into every `lanes`-th place of the target. */
function* decodePart(
  plan: MatPlan,
  range: MatRange,
  target: Uint8Array,
  lanes: number,
  lane: number,
): Generator<WantedBytes> {
  const { storedShape, storedStrides, dtype, littleEndian } = plan;
  if (!isDType(range.dtype)) throw corrupt(plan.path, 'an array has no known type', 'a type of numbers was expected');
  const from = itemSize(range.dtype);
  const size = itemSize(dtype) / lanes;
  let scratch = new Uint8Array(0);
  let position = range.offset;
  for (const piece of storedPieces(storedShape, from)) {
    const length = piece.elements * from;
    if (scratch.length < length) scratch = new Uint8Array(length);
    const bytes = scratch.subarray(0, length);
    yield { position, target: bytes };
    position += length;
    makeNative(bytes, range.dtype, { littleEndian });
    const offset = piece.start.reduce((sum, i, axis) => sum + i * storedStrides[axis]!, 0);
    copyStrided(
      size,
      piece.count,
      {
        bytes: lanes === 1 ? plainBytes(bytes, dtype) : componentBytes(bytes, range.dtype, size),
        strides: contiguousStrides(piece.count),
        offset: 0,
      },
      { bytes: target, strides: storedStrides.map((stride) => stride * lanes), offset: offset * lanes + lane },
    );
  }
}

/** Truth values as 0 and 1 whatever was stored. */
function plainBytes(bytes: Uint8Array, dtype: DType): Uint8Array {
  if (dtype === 'bool') for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 0 ? 0 : 1;
  return bytes;
}

/** One part of complex numbers as floats of 4 or 8 bytes. */
function componentBytes(bytes: Uint8Array, dtype: DType, size: number): Uint8Array {
  if (size === 4 || dtype === 'float64') return bytes;
  const values = componentsToFloat64(
    elementsOver(bytes.buffer, bytes.byteOffset, bytes.length / itemSize(dtype), dtype),
    dtype,
  );
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function* decode(plan: MatPlan, target: Uint8Array): Generator<WantedBytes> {
  const { array } = plan;
  if (array['kind'] !== 'numeric') return yield* decodeSparse(plan, target);
  const complex = array['imaginary'] !== null;
  yield* decodePart(plan, asRange(array['real']), target, complex ? 2 : 1, 0);
  if (complex) yield* decodePart(plan, asRange(array['imaginary']), target, 2, 1);
}

/** Another thread unpacks so much while what came before is put in place. */
const unpackedTogether = 2 ** 20;

/** Unpacks front to back with a few MiB of memory, straight into the target. */
async function decodeStreaming(
  file: FileBytes,
  packed: MatPacked | null,
  wanted: Generator<WantedBytes>,
  step: (bytes: number) => void,
): Promise<void> {
  if (packed === null) {
    for (const { position, target } of wanted) {
      file.readInto(target, position);
      step(target.length);
    }
    return;
  }
  const cursor = inflateCursor(file, packed, unpackedTogether);
  try {
    for (const { position, target } of wanted) {
      await cursor.skip(position - cursor.position);
      await cursor.fill(target);
      step(target.length);
    }
    await cursor.finish();
  } finally {
    await cursor.close();
  }
}

function decodeAtOnce(file: FileBytes, packed: MatPacked | null, wanted: Generator<WantedBytes>): void {
  const whole = packed === null ? null : inflateWhole(file, packed);
  for (const { position, target } of wanted) {
    if (whole === null) file.readInto(target, position);
    else if (position + target.length > whole.length) {
      throw corrupt(file.path, 'an array reaches behind its variable', 'it lies inside');
    } else target.set(whole.subarray(position, position + target.length));
  }
}

/** Strides, per stored axis, of a target whose axes (of the signal) have these strides. */
function storedStridesOf(axisOrder: readonly number[], strides: readonly number[]): number[] {
  const out = new Array<number>(axisOrder.length).fill(1);
  axisOrder.forEach((stored, axis) => (out[stored] = strides[axis]!));
  return out;
}

/**
 * Compressed, complex and sparse arrays of MATLAB. A deflate stream can only be read from its start: the whole array is
 * unpacked straight to where it is wanted (`fill`), or once into memory when blocks are asked for.
 * @throws EigenscopeError `truncated-file`, `corrupt-file`, `file-changed`
 */
export const openMatlabPixels: OpenCoded = (layout: CodedLayout, signal: SignalHeader): PixelSource => {
  const file = openUnchanged(layout.path, layout.stamp, layout.stamp.size);
  const { about } = layout;
  const packed = about['packed'] as MatPacked | null;
  const axisOrder = about['axisOrder'] as number[];
  const size = itemSize(signal.dtype);
  const planFor = (strides: readonly number[]): MatPlan => ({
    path: layout.path,
    littleEndian: about['littleEndian'] === true,
    array: about['array'] as Metadata,
    storedShape: about['storedShape'] as number[],
    storedStrides: storedStridesOf(axisOrder, strides),
    dtype: signal.dtype,
  });
  const strides = contiguousStrides(signal.shape);
  let held: Uint8Array | null = null;
  const whole = (): Uint8Array => {
    if (held === null) {
      const bytes = new Uint8Array(elementCount(signal.shape) * size);
      decodeAtOnce(file, packed, decode(planFor(strides), bytes));
      held = bytes;
    }
    return held;
  };
  const readInto = readFrom(signal, whole, strides);
  return {
    readInto,
    read: readThrough(signal, readInto),
    async fill(target, targetStrides, step) {
      const plan = planFor(targetStrides);
      // of a sparse array only what is not zero is stored
      if (plan.array['kind'] !== 'numeric') target.fill(0);
      await decodeStreaming(file, packed, decode(plan, target), step);
    },
    close: () => file.close(),
  };
};
