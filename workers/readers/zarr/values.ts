import type { DType } from '../../model/dtype.ts';
import { elementCount, itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { MetadataValue } from '../../model/signal.ts';
import { componentsOf, componentsToFloat64, elementsOver } from '../elements.ts';
import { contiguousStrides } from '../permute.ts';
import type { Elements } from '../pixel-source.ts';
import type { ZarrArray } from './array-metadata.ts';
import { decodeBytes } from './codecs.ts';
import { openArrayBlocks } from './pixels.ts';
import { chunkPlaces } from './shards.ts';
import type { ZarrStore } from './store.ts';

/** Arrays that are decoded as a whole are no larger than this; pixels are read in blocks. */
const largestValue = 256 * 2 ** 20;
const mostTexts = 65_536;
const longestTexts = 16 * 2 ** 20;

const tooLarge = (store: ZarrStore, array: ZarrArray): EigenscopeError =>
  new EigenscopeError(
    'corrupt-file',
    `${store.path}: “${array.key}” of shape ${array.shape.join(' × ')} is too large for what it should hold.`,
    { path: store.path, key: array.key },
  );

/** All elements of a small array of numbers, in C order and native byte order. */
export function readElements(store: ZarrStore, array: ZarrArray): { dtype: DType; elements: Elements } | null {
  if (array.type.kind !== 'number') return null;
  const { dtype } = array.type;
  const count = elementCount(array.shape);
  if (!(count * itemSize(dtype) <= largestValue)) throw tooLarge(store, array);
  const bytes = new Uint8Array(count * itemSize(dtype));
  const blocks = openArrayBlocks(store, array, dtype, bytes.length);
  try {
    blocks.copy(
      array.shape.map(() => 0),
      array.shape,
      { bytes, strides: contiguousStrides(array.shape) },
    );
  } finally {
    blocks.close();
  }
  return { dtype, elements: elementsOver(bytes.buffer, 0, count, dtype) };
}

/** Numbers of a small array as float64; null when it holds none. Complex numbers and colours are none. */
export function readNumbers(store: ZarrStore, array: ZarrArray): Float64Array | null {
  const found = readElements(store, array);
  return found === null || componentsOf(found.dtype).count > 1
    ? null
    : Float64Array.from(componentsToFloat64(found.elements, found.dtype));
}

function splitTexts(bytes: Uint8Array): string[] | null {
  if (bytes.length < 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count > mostTexts) return null;
  const texts: string[] = [];
  let at = 4;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) return null;
    const length = view.getUint32(at, true);
    at += 4;
    if (at + length > bytes.length) return null;
    texts.push(new TextDecoder().decode(bytes.subarray(at, at + length)));
    at += length;
  }
  return texts;
}

/** JSON of numcodecs: the items, then the type and the shape. */
function parseTexts(bytes: Uint8Array): MetadataValue[] | null {
  try {
    const list: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(list) && list.length >= 2 ? (list as MetadataValue[]).slice(0, -2) : null;
  } catch {
    return null;
  }
}

/** NUL-padded text of fixed length. */
function fixedTexts(bytes: Uint8Array, { type }: ZarrArray): string[] {
  if (type.kind !== 'text') return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / type.bytes) }, (_, i) => {
    const first = i * type.bytes;
    if (type.encoding === 'bytes')
      return new TextDecoder().decode(bytes.subarray(first, first + type.bytes)).replace(/\0+$/, '');
    let text = '';
    for (let at = first; at < first + type.bytes; at += 4) {
      const point = view.getUint32(at, type.littleEndian);
      if (point !== 0) text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    }
    return text;
  });
}

/** Texts (or whatever JSON holds) of a small array of one axis or none. */
function readTexts(store: ZarrStore, array: ZarrArray): MetadataValue[] {
  const { shape, chunk, decoders, texts, type } = array;
  const count = elementCount(shape);
  if (shape.length > 1 || count > mostTexts) throw tooLarge(store, array);
  const places = chunkPlaces(store, array);
  const per = chunk[0] ?? 1;
  const values: MetadataValue[] = [];
  for (let first = 0; first < count; first += per) {
    const value = places.find(shape.length === 0 ? [] : [first / per]);
    const wanted = Math.min(per, count - first);
    if (value === null) {
      for (let i = 0; i < wanted; i++) values.push('');
      continue;
    }
    const limit = type.kind === 'text' ? Math.min(longestTexts, per * type.bytes) : longestTexts;
    if (value.size > longestTexts) throw tooLarge(store, array);
    const bytes = decodeBytes(decoders, value.read(0, value.size), null, limit);
    const found =
      typeof bytes === 'string'
        ? null
        : type.kind === 'text'
          ? fixedTexts(bytes, array)
          : texts === 'json2'
            ? parseTexts(bytes)
            : splitTexts(bytes);
    if (found === null) {
      throw new EigenscopeError(
        'corrupt-file',
        `${store.path}: the texts of “${array.key}” cannot be unpacked. Copy the store anew.`,
        {
          path: store.path,
          key: array.key,
        },
      );
    }
    for (let i = 0; i < wanted; i++) values.push(found[i] ?? '');
  }
  return values;
}

function nest(flat: readonly MetadataValue[], shape: readonly number[]): MetadataValue {
  const [size, ...rest] = shape;
  if (size === undefined) return flat[0] ?? null;
  const step = elementCount(rest);
  return Array.from({ length: size }, (_, i) => nest(flat.slice(i * step, (i + 1) * step), rest));
}

/** A small array as a JSON value, nested by shape; complex numbers and colours are lists of their parts. */
export function readValue(store: ZarrStore, array: ZarrArray): MetadataValue {
  if (array.type.kind !== 'number') return nest(readTexts(store, array), array.shape);
  const found = readElements(store, array);
  if (found === null) return null;
  const parts = componentsOf(found.dtype).count;
  const numbers = Array.from(componentsToFloat64(found.elements, found.dtype));
  const values: MetadataValue[] = found.dtype === 'bool' ? numbers.map((value) => value !== 0) : numbers;
  return nest(values, parts > 1 ? [...array.shape, parts] : array.shape);
}
