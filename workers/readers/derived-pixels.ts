import { loadPreparation } from '../algorithms/preprocess/table.ts';
import type { OpenGiven, OpenSignal } from '../algorithms/preprocess/pipeline/preparation.ts';
import { elementCount } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { Metadata, PixelLayout, SignalHeader } from '../model/signal.ts';
import { checkedBytes } from './array-size.ts';
import { toFloat64 } from './elements.ts';
import type { PixelSource } from './pixel-source.ts';
import { checkBlock, readThrough } from './read-block.ts';
import { openRowOrderPixels, rowOrderHeader } from './row-order-pixels.ts';
import { inRowOrder } from './row-source.ts';

type DerivedLayout = Extract<PixelLayout, { kind: 'derived' }>;

/** A step with the signals it is made of, before anything has been read. */
export interface Derivation {
  operation: string;
  /** all parameters, defaults filled in */
  values: Metadata;
  signal: SignalHeader;
  inputs: Readonly<Record<string, readonly SignalHeader[]>>;
  /** what was found out when the step was made, so that it need not be found out again */
  measured: Readonly<Record<string, Float64Array>> | null;
}

/** Steps see signals with navigation axes first; what the file has of those is kept here. */
const asInFile = new WeakMap<SignalHeader, SignalHeader>();

function inOrder(stored: SignalHeader): SignalHeader {
  const signal = rowOrderHeader(stored);
  asInFile.set(signal, stored);
  return signal;
}

/** Opens a signal and those that go with it; closes what is open when one cannot be opened. */
async function openAll(
  signal: SignalHeader,
  inputs: Readonly<Record<string, readonly SignalHeader[]>>,
): Promise<{ given: OpenGiven; close: () => void }> {
  const opened: PixelSource[] = [];
  const close = (): void => opened.forEach((pixels) => pixels.close());
  const open = async (one: SignalHeader): Promise<OpenSignal> => {
    const { signal, pixels } = await openRowOrderPixels(one);
    opened.push(pixels);
    asInFile.set(signal, one);
    return { signal, pixels };
  };
  try {
    const main = await open(signal);
    const others: Record<string, OpenSignal[]> = {};
    for (const [param, signals] of Object.entries(inputs)) {
      others[param] = [];
      for (const one of signals) others[param].push(await open(one));
    }
    return { given: { ...main, inputs: others, valuesOf }, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Masks and references are small; more values than this are data. */
const mostValues = 2 ** 26;

async function valuesOf(signal: SignalHeader): Promise<Float64Array> {
  if (elementCount(signal.shape) > mostValues) {
    throw new EigenscopeError('out-of-memory', `“${signal.title}” is too large for a mask or a reference.`);
  }
  const { pixels } = await openRowOrderPixels(asInFile.get(signal) ?? signal);
  try {
    return toFloat64(
      pixels.read(
        signal.shape.map(() => 0),
        signal.shape,
      ),
      signal.dtype,
    );
  } finally {
    pixels.close();
  }
}

/**
 * The signal that a preparation step makes. Its pixels are computed when they are read.
 * @param measure false: what has to be known of all of the data is left out, for a look at shape and axes alone
 * @throws EigenscopeError `parameter-out-of-range`, `shape-mismatch`, `unsupported-format` when the step does not fit;
 * file errors while measuring; what `check` throws
 */
export async function deriveSignal(
  { operation, values, signal: given, inputs: named, measured }: Derivation,
  measure: boolean,
  check: () => void,
): Promise<SignalHeader> {
  const preparation = await loadPreparation(operation);
  const stored = inRowOrder(given);
  const storedInputs = Object.fromEntries(Object.entries(named).map(([param, list]) => [param, list.map(inRowOrder)]));
  const signal = inOrder(stored);
  const inputs = Object.fromEntries(Object.entries(storedInputs).map(([param, list]) => [param, list.map(inOrder)]));
  const described = await preparation.describe({ signal, inputs, valuesOf }, values);
  const { layout: _, ...rest } = signal;
  const head = { ...rest, ...described };
  checkedBytes(signal.title, head.shape, head.dtype);
  const relaid = signal === stored ? (preparation.relayout?.(signal, values) ?? null) : null;
  if (relaid !== null) return { ...head, layout: relaid };
  let found = measured ?? {};
  if (measured === null && measure && preparation.measure !== undefined) {
    const { given: open, close } = await openAll(stored, storedInputs);
    try {
      found = await preparation.measure(open, values, check);
    } finally {
      close();
    }
  }
  return { ...head, layout: { kind: 'derived', operation, values, measured: found, of: stored, inputs: storedInputs } };
}

/**
 * Blocks of a signal that a preparation step makes.
 * @throws EigenscopeError what opening its sources throws
 */
export async function openDerivedPixels(layout: DerivedLayout, signal: SignalHeader): Promise<PixelSource> {
  const preparation = await loadPreparation(layout.operation);
  const { given, close } = await openAll(layout.of, layout.inputs);
  try {
    const source = preparation.open(given, signal, layout.values, layout.measured);
    const readInto = (target: Uint8Array, start: readonly number[], count: readonly number[]): void => {
      checkBlock(signal, start, count);
      if (target.length > 0) source.readInto(target, start, count);
    };
    return {
      ...(source.band === undefined ? {} : { band: source.band }),
      readInto,
      read: readThrough(signal, readInto),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
