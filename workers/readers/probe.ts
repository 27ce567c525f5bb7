import type { DType } from '../model/dtype.ts';
import { isComplex } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { SignalHeader } from '../model/signal.ts';
import { componentsOf, toFloat64 } from './elements.ts';
import { openPixels } from './pixel-blocks.ts';
import type { Elements } from './pixel-source.ts';
import { checkBlock } from './read-block.ts';

/** One value as JSON can say it: NaN, infinities and integers beyond 2^53 as text. */
export type ProbeValue = number | boolean | string | { re: number | string; im: number | string } | (number | string)[];

const plain = (value: number | bigint): number | string => {
  const number = Number(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(number) ? number : value.toString();
  return Number.isFinite(number) ? number : String(number);
};

function describeElement(elements: Elements, dtype: DType): ProbeValue {
  if (dtype === 'bool') return elements[0] !== 0;
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) return plain(elements[0]!);
  if (dtype === 'float16') return plain(toFloat64(elements, dtype)[0]!);
  if (isComplex(dtype)) return { re: plain(elements[0]!), im: plain(elements[1]!) };
  return elements.length === 1 ? plain(elements[0]!) : Array.from(elements, plain);
}

/**
 * The value at one index of the array (as NumPy counts: slowest axis first). A colour pixel gives its list of
 * components, or one of them when the index has one more entry.
 * @throws EigenscopeError `parameter-out-of-range` when the index is outside
 */
export async function probe(signal: SignalHeader, index: readonly number[]): Promise<ProbeValue> {
  const components = componentsOf(signal.dtype).count;
  const component = components > 2 && index.length === signal.shape.length + 1 ? index.at(-1)! : null;
  const at = component === null ? index : index.slice(0, -1);
  const one = at.map(() => 1);
  checkBlock(signal, at, one);
  if (component !== null && !(Number.isInteger(component) && component >= 0 && component < components)) {
    throw new EigenscopeError('parameter-out-of-range', `A ${signal.dtype} pixel has no component ${component}.`);
  }
  const source = await openPixels(signal);
  try {
    const elements = source.read(at, one);
    return component === null ? describeElement(elements, signal.dtype) : plain(elements[component]!);
  } finally {
    source.close();
  }
}
