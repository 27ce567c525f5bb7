import type { DType } from '../../model/dtype.ts';
import { isColour, isDType, itemSize } from '../../model/dtype.ts';
import type { StoredType } from '../../model/numpy-dtype.ts';
import { readNumpyColour, readNumpyType } from '../../model/numpy-dtype.ts';
import { componentsOf } from '../elements.ts';

/** What an element of an array is: a number of ours, text of fixed length, or something of variable length. */
export type ElementType =
  | { kind: 'number'; dtype: DType; littleEndian: boolean }
  | { kind: 'text'; encoding: 'utf-32' | 'bytes'; bytes: number; littleEndian: boolean }
  | { kind: 'variable' };

const longestText = 2 ** 20;

const numberType = (found: StoredType | null): ElementType | null => (found ? { kind: 'number', ...found } : null);

/** The element type of version 2: NumPy's own text, or a list of fields. Null for what cannot be shown. */
export function elementType2(dtype: unknown): ElementType | null {
  if (Array.isArray(dtype)) return numberType(readNumpyColour(dtype));
  if (typeof dtype !== 'string') return null;
  const match = /^([|<>=]?)([OUS])(\d*)$/.exec(dtype);
  if (!match) return numberType(readNumpyType(dtype));
  const [, order, letter, size] = match;
  if (letter === 'O') return { kind: 'variable' };
  const bytes = Number(size) * (letter === 'U' ? 4 : 1);
  if (!(bytes > 0 && bytes <= longestText)) return null;
  return { kind: 'text', encoding: letter === 'U' ? 'utf-32' : 'bytes', bytes, littleEndian: order !== '>' };
}

/** The element type of version 3; the byte order is the business of its codec `bytes`. */
export function elementType3(type: unknown, littleEndian: boolean): ElementType | null {
  if (typeof type === 'string') {
    if (type === 'string') return { kind: 'variable' };
    return isDType(type) && !isColour(type) ? { kind: 'number', dtype: type, littleEndian } : null;
  }
  const { name, configuration } = (type ?? {}) as { name?: unknown; configuration?: Record<string, unknown> };
  if (name === 'fixed_length_utf32') {
    const bytes = Number(configuration?.['length_bytes']);
    if (Number.isSafeInteger(bytes) && bytes > 0 && bytes <= longestText)
      return { kind: 'text', encoding: 'utf-32', bytes, littleEndian };
  }
  if (name === 'structured' || name === 'struct') {
    const fields = configuration?.['fields'];
    if (!Array.isArray(fields)) return null;
    const short = (fields as unknown[]).map((field) => {
      const pair = Array.isArray(field) ? (field as unknown[]) : [];
      return [pair[0], pair[1] === 'uint8' ? 'u1' : pair[1] === 'uint16' ? 'u2' : ''];
    });
    const found = readNumpyColour(short);
    return found ? { kind: 'number', dtype: found.dtype, littleEndian } : null;
  }
  return null;
}

/** Bytes of an element; variable ones have none of their own. */
export const elementBytes = (type: ElementType): number =>
  type.kind === 'number' ? itemSize(type.dtype) : type.kind === 'text' ? type.bytes : 0;

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' && /^-?(?:NaN|Infinity|\d+(?:\.\d+)?(?:e[-+]?\d+)?)$/i.test(value))
    return Number(value);
  return 0;
}

function putNumber(view: DataView, at: number, dtype: DType, value: unknown): void {
  // bit patterns of floats may stand as hexadecimal numbers
  if (typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value) && dtype.startsWith('float')) {
    const size = itemSize(dtype);
    const bits = BigInt.asUintN(8 * size, BigInt(value.slice(0, 18)));
    for (let i = 0; i < size; i++) view.setUint8(at + i, Number((bits >> BigInt(8 * i)) & 255n));
    return;
  }
  const number = numberOf(value);
  switch (dtype) {
    case 'float16':
      return view.setFloat16(at, number, true);
    case 'float32':
      return view.setFloat32(at, number, true);
    case 'float64':
      return view.setFloat64(at, number, true);
    case 'int64':
    case 'uint64': {
      const whole =
        typeof value === 'string' && /^-?\d+$/.test(value)
          ? BigInt(value.slice(0, 24))
          : BigInt(Math.trunc(Number.isFinite(number) ? number : 0));
      return view.setBigUint64(at, BigInt.asUintN(64, whole), true);
    }
    case 'int16':
    case 'uint16':
      return view.setUint16(at, number & 0xffff, true);
    case 'int32':
    case 'uint32':
      return view.setUint32(at, number >>> 0, true);
    default:
      return view.setUint8(at, number & 0xff);
  }
}

/** One element of fill in native byte order, from what the description of an array says; zeros when it says nothing. */
export function fillBytes(dtype: DType, value: unknown): Uint8Array {
  const bytes = new Uint8Array(itemSize(dtype));
  if (value === null || value === undefined) return bytes;
  const part = componentsOf(dtype);
  if (part.count > 1 && typeof value === 'string') {
    const raw = Buffer.from(value.slice(0, 64), 'base64');
    if (raw.length === bytes.length) bytes.set(raw);
    return bytes;
  }
  const values = part.count > 1 && Array.isArray(value) ? (value as unknown[]) : [value];
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < Math.min(part.count, values.length); i++)
    putNumber(view, i * itemSize(part.dtype), part.dtype, values[i]);
  return bytes;
}
