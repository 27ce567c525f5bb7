import type { Axis } from '../../workers/model/axes.ts';
import { elementCount, itemSize, type DType } from '../../workers/model/dtype.ts';
import type { Metadata, SignalHeader } from '../../workers/model/signal.ts';
import { deriveSignal } from '../../workers/readers/derived-pixels.ts';
import { componentsToFloat64, elementsOver } from '../../workers/readers/elements.ts';
import { openPixels } from '../../workers/readers/pixel-blocks.ts';
import { validateParameters } from '../../workers/specs/validate.ts';
import { algorithmById } from '../../workers/specs/registry.ts';

/* What the tests of preparation steps share: small signals in memory, a step applied to them, all values read. */

/** A signal in memory; `values` in C order of the axes (complex and colour: components one after another). */
export function signalOf(
  axes: readonly Axis[],
  dtype: DType,
  values: ArrayLike<number>,
  more: Partial<SignalHeader> = {},
): SignalHeader {
  const shape = axes.map(({ size }) => size);
  const count = elementCount(shape);
  const bytes = new Uint8Array(count * itemSize(dtype));
  const elements = elementsOver(bytes.buffer, 0, count, dtype);
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
    elements.set(Array.from(values, (value) => BigInt(value)));
  } else elements.set(values);
  return {
    title: 'test',
    signalType: '',
    shape,
    dtype,
    axes,
    quantity: { name: 'Intensity', units: null },
    metadata: {},
    originalMetadata: {},
    layout: { kind: 'bytes', bytes },
    warnings: [],
    ...more,
  };
}

/** The outcome of a step, with its parameters checked as a recipe's are. */
export async function derived(
  operation: string,
  parameters: Metadata,
  signal: SignalHeader,
  inputs: Readonly<Record<string, readonly SignalHeader[]>> = {},
): Promise<SignalHeader> {
  const checked = validateParameters(algorithmById(operation)!, parameters);
  if (!checked.ok) throw new Error(checked.problems[0]!.message);
  return deriveSignal(
    { operation, values: checked.values as Metadata, signal, inputs, measured: null },
    true,
    () => {},
  );
}

/** All values of a signal in C order; complex ones as re, im by turns. */
export async function readAll(signal: SignalHeader): Promise<number[]> {
  return readBlock(
    signal,
    signal.shape.map(() => 0),
    signal.shape,
  );
}

export async function readBlock(
  signal: SignalHeader,
  start: readonly number[],
  count: readonly number[],
): Promise<number[]> {
  const pixels = await openPixels(signal);
  try {
    return Array.from(componentsToFloat64(pixels.read(start, count), signal.dtype));
  } finally {
    pixels.close();
  }
}
