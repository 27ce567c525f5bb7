import type { DType } from './dtype.ts';

type PlainType = Exclude<DType, `rgb${string}`>;

/** NumPy's letter and bytes of each type that is a number. */
const codes: Readonly<Record<PlainType, string>> = {
  bool: 'b1',
  int8: 'i1',
  uint8: 'u1',
  int16: 'i2',
  uint16: 'u2',
  int32: 'i4',
  uint32: 'u4',
  int64: 'i8',
  uint64: 'u8',
  float16: 'f2',
  float32: 'f4',
  float64: 'f8',
  complex64: 'c8',
  complex128: 'c16',
};
const types = new Map(Object.entries(codes).map(([dtype, code]) => [code, dtype as PlainType]));

/** An element type as a file tells it. */
export interface StoredType {
  dtype: DType;
  /** also of types of one byte, and where a file leaves it to the machine */
  littleEndian: boolean;
}

/**
 * What a NumPy descriptor stands for: "<f4", "|u1". Null for anything but numbers and booleans.
 * @see https://numpy.org/doc/stable/reference/arrays.interface.html
 */
export function readNumpyType(descriptor: string): StoredType | null {
  const [, order = '', code = ''] = /^([|<>=]?)(\w+)$/.exec(descriptor) ?? [];
  const dtype = types.get(code);
  return dtype === undefined ? null : { dtype, littleEndian: order !== '>' };
}

/** Fields R, G, B(, A), all of one unsigned type of one or two bytes, are a colour; null for other records. */
export function readNumpyColour(fields: readonly unknown[]): StoredType | null {
  const pairs = fields.map((field) => (Array.isArray(field) ? (field as unknown[]) : []));
  const names = pairs.map(([name]) => String(name)).join(' ');
  const kind = names === 'R G B' ? 'rgb' : names === 'R G B A' ? 'rgba' : null;
  const descriptors = new Set(pairs.map(([, descriptor]) => String(descriptor)));
  const part = descriptors.size === 1 ? readNumpyType([...descriptors][0]!) : null;
  if (kind === null || part === null || (part.dtype !== 'uint8' && part.dtype !== 'uint16')) return null;
  return { dtype: `${kind}${part.dtype === 'uint8' ? 8 : 16}`, littleEndian: part.littleEndian };
}

const littleEndian = (dtype: PlainType): string => `${codes[dtype].endsWith('1') ? '|' : '<'}${codes[dtype]}`;
const isPlain = (dtype: DType): dtype is PlainType => Object.hasOwn(codes, dtype);

/** NumPy's descriptor of little-endian elements; colours are records of their fields. */
export function numpyDescriptor(dtype: DType): string | (readonly [name: string, descriptor: string])[] {
  if (isPlain(dtype)) return littleEndian(dtype);
  const component = littleEndian(dtype.endsWith('16') ? 'uint16' : 'uint8');
  return [...(dtype.startsWith('rgba') ? 'RGBA' : 'RGB')].map((name) => [name, component] as const);
}
