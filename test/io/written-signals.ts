import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { SignalToWrite } from '../../main/io/signal-files/signal-to-write.ts';
import { placesOfSignal, writeSignal } from '../../main/io/signal-writers.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { axisValues } from '../../workers/model/axes.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { componentsToFloat64 } from '../../workers/readers/elements.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { encodeElements, type BuiltType } from '../readers/builders/elements.ts';

/* Signals that the tests of writers write, and what comes back. */

export const axis = (name: string, size: number, navigate: boolean, rest: Partial<Axis> = {}): Axis => ({
  name,
  units: null,
  size,
  navigate,
  scale: 1,
  offset: 0,
  ...rest,
});
export const y = (size: number): Axis => axis('y', size, true, { units: 'nm', scale: 0.5 });
export const x = (size: number): Axis => axis('x', size, true, { units: 'nm', scale: 0.5 });
export const energy = (size: number): Axis => axis('Energy', size, false, { units: 'eV', scale: 0.2, offset: 400 });
export const row = (size: number): Axis => axis('y', size, false, { units: 'nm', scale: 0.3, offset: 1.5 });
export const column = (size: number): Axis => axis('x', size, false, { units: 'nm', scale: 0.3, offset: -3 });

/** 0, 1, 4, 9 … kept small enough for every type, with a sign where there is one. */
export const valueAt = (i: number, dtype: BuiltType): number => {
  const value = (i * i) % 97;
  if (dtype === 'bool') return i % 3 === 0 ? 1 : 0;
  return dtype.startsWith('u') ? value : i % 5 === 2 ? -value : value;
};

export function signalOf(dtype: BuiltType, axes: readonly Axis[], more: Partial<SignalToWrite> = {}): SignalToWrite {
  const shape = axes.map(({ size }) => size);
  const count = shape.reduce((n, size) => n * size, 1) * (dtype.startsWith('complex') ? 2 : 1);
  const bytes = encodeElements(
    Array.from({ length: count }, (_, i) => valueAt(i, dtype)),
    dtype,
  );
  return {
    title: 'Test µ',
    signalType: '',
    shape,
    dtype,
    axes,
    quantity: { name: 'Intensity', units: 'counts' },
    metadata: {},
    originalMetadata: {},
    // blocks that end in the middle of an element, as they come from memory
    *blocks() {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    },
    ...more,
  };
}

export async function numbersOf(signal: SignalHeader): Promise<number[]> {
  const pixels = await openPixels(signal);
  try {
    const start = signal.shape.map(() => 0);
    return [...componentsToFloat64(pixels.read(start, signal.shape), signal.dtype)];
  } finally {
    pixels.close();
  }
}

export const sourceNumbers = (signal: SignalToWrite): number[] => {
  const bytes = Buffer.concat([...(signal.blocks() as Iterable<Uint8Array>)]);
  const { dtype } = signal;
  const header = { ...signal, layout: { kind: 'bytes', bytes: new Uint8Array(bytes) }, warnings: [] } as SignalHeader;
  const words = openPixelsNow(header);
  return [...componentsToFloat64(words, dtype)];
};
function openPixelsNow(header: SignalHeader) {
  const bytes = (header.layout as { bytes: Uint8Array }).bytes.slice();
  const { dtype } = header;
  const kinds = {
    bool: Uint8Array,
    int8: Int8Array,
    uint8: Uint8Array,
    int16: Int16Array,
    uint16: Uint16Array,
    int32: Int32Array,
    uint32: Uint32Array,
    float32: Float32Array,
    float64: Float64Array,
    int64: BigInt64Array,
    uint64: BigUint64Array,
    float16: Uint16Array,
    complex64: Float32Array,
    complex128: Float64Array,
  };
  return new kinds[dtype as BuiltType](bytes.buffer);
}

/** Values of an array [a, b, c …] in the order of other axes. */
export function reordered(values: readonly number[], shape: readonly number[], order: readonly number[]): number[] {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((n, size) => n * size, 1));
  let all: number[] = [0];
  for (const a of order) all = all.flatMap((at) => Array.from({ length: shape[a]! }, (_, i) => at + i * strides[a]!));
  return all.map((at) => values[at]!);
}

/** Writes, opens again, and says what was there. */

export const places = (axes: readonly Axis[]) =>
  axes.map((one) => ({
    size: one.size,
    units: one.units,
    navigate: one.navigate,
    values: [...axisValues(one)].map((v) => Number(v.toPrecision(6))),
  }));

export const si = (dtype: BuiltType = 'uint16') => signalOf(dtype, [y(3), x(4), energy(5)]);

/** A folder of its own for one test file, with new names in it, and a signal written there and opened again. */
export function signalFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'eigenscope-writers-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let made = 0;
  const fresh = (extension: string): string => join(folder, `signal${++made}.${extension}`);
  /** Writes, opens again, and says what was there. */
  const roundTrip = async (extension: string, signal: SignalToWrite) => {
    const path = fresh(extension);
    const { files, notes } = await writeSignal(path, signal, { overwrite: false });
    expect(files).toEqual(placesOfSignal(path));
    const { signals, format } = await openHeader(path);
    return { format, again: signals[0]!, values: await numbersOf(signals[0]!), notes, path };
  };
  return { folder, fresh, roundTrip };
}
