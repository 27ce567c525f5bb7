import type { Metadata as Hdf5Type } from 'h5wasm/node';
import { elementCount } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { MetadataValue } from '../model/signal.ts';
import { readWholeDataset } from './hdf5-chunks/read-whole.ts';
import { elementType, isBooleanEnumeration, typeClass } from './hdf5-dtype.ts';
import { explainHdf5Failure, missingFilter, unfoundChunks } from './hdf5-errors.ts';
import { firstMissingFilter, firstOutsideLibrary } from './hdf5-filters.ts';
import type { Hdf5File } from './hdf5-open.ts';

/** Attributes and small data sets decoded as a whole are no larger than this; pixels go through openHdf5Pixels. */
const largestValueBytes = 256 * 2 ** 20;
/** Deflate cannot pack tighter than about 1032 : 1. */
export const largestExpansion = 1100;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** Text up to the first NUL; old writers put Latin-1 where ASCII was declared. */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return utf8.decode(text);
  } catch {
    return latin1.decode(text);
  }
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function readNumber(data: DataView, at: number, type: Hdf5Type): number {
  if (type.type === typeClass.float) {
    if (type.size === 8) return data.getFloat64(at, true);
    if (type.size === 4) return data.getFloat32(at, true);
    if (type.size === 2) return data.getFloat16(at, true);
    return NaN;
  }
  switch (type.size) {
    case 1:
      return type.signed ? data.getInt8(at) : data.getUint8(at);
    case 2:
      return type.signed ? data.getInt16(at, true) : data.getUint16(at, true);
    case 4:
      return type.signed ? data.getInt32(at, true) : data.getUint32(at, true);
    case 8:
      return Number(type.signed ? data.getBigInt64(at, true) : data.getBigUint64(at, true));
    default:
      return NaN;
  }
}

/** The text that starts at a pointer of the library's memory. */
function pointedText(heap: Uint8Array, pointer: number): string {
  if (pointer <= 0 || pointer >= heap.length) return '';
  const end = heap.indexOf(0, pointer);
  return decodeText(heap.subarray(pointer, end < 0 ? heap.length : end));
}

/** One element as a JSON value; `heap` is the library's memory, in which variable-length parts stand. */
function decodeElement(bytes: Uint8Array, type: Hdf5Type, heap: Uint8Array): MetadataValue {
  switch (type.type) {
    case typeClass.string:
      return type.vlen ? pointedText(heap, view(bytes).getUint32(0, true)) : decodeText(bytes);
    case typeClass.integer:
    case typeClass.float:
    case typeClass.bitfield:
      return readNumber(view(bytes), 0, type);
    case typeClass.enumeration: {
      const value = readNumber(view(bytes), 0, type);
      return isBooleanEnumeration(type) ? value !== 0 : value;
    }
    case typeClass.opaque:
      return new TextDecoder().decode(bytes);
    case typeClass.compound: {
      const members: Record<string, MetadataValue> = {};
      for (const member of type.compound_type?.members ?? []) {
        const part = bytes.subarray(member.offset, member.offset + member.size);
        if (part.length === member.size) members[member.name] = decodeElement(part, member, heap);
      }
      return members;
    }
    case typeClass.array: {
      const inner = type.array_type;
      if (!inner) return null;
      return decodeElements(bytes, inner, inner.shape ?? [], heap);
    }
    case typeClass.variableLength: {
      const inner = type.vlen_type;
      const [count, pointer] = [view(bytes).getUint32(0, true), view(bytes).getUint32(4, true)];
      if (!inner || count === 0 || pointer + count * inner.size > heap.length) return [];
      return decodeElements(heap.subarray(pointer, pointer + count * inner.size), inner, [count], heap);
    }
    default:
      return null;
  }
}

function decodeElements(bytes: Uint8Array, type: Hdf5Type, shape: readonly number[], heap: Uint8Array): MetadataValue {
  const [size, ...rest] = shape;
  if (size === undefined) return decodeElement(bytes, type, heap);
  const step = elementCount(rest) * type.size;
  return Array.from({ length: size }, (_, i) =>
    decodeElements(bytes.subarray(i * step, (i + 1) * step), type, rest, heap),
  );
}

/** Refuses a value whose declared size cannot be in the file, before memory is asked for. */
function checkedBytes(file: Hdf5File, doing: string, type: Hdf5Type, isPacked: boolean): number {
  const bytes = type.size * type.total_size;
  const limit = Math.min(largestValueBytes, file.bytes * (isPacked ? largestExpansion : 1));
  if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > limit) {
    throw new EigenscopeError(
      'corrupt-file',
      `${file.path}: ${doing} says that it has ${bytes} bytes, which the file (${file.bytes} bytes) cannot hold.`,
      { path: file.path, expected: bytes, found: file.bytes },
    );
  }
  return bytes;
}

function readThroughLibrary<T>(
  file: Hdf5File,
  bytes: number,
  read: (pointer: bigint) => void,
  decode: (data: Uint8Array, heap: Uint8Array) => T,
  reclaim: ((pointer: bigint) => void) | null,
): T {
  const { module } = file;
  const pointer = module._malloc(Math.max(bytes, 8));
  if (pointer === 0)
    throw new EigenscopeError('out-of-memory', `There is no memory for ${bytes} bytes of ${file.path}.`, { bytes });
  try {
    read(BigInt(pointer));
    const heap = module.HEAPU8;
    const result = decode(heap.subarray(pointer, pointer + bytes), heap);
    reclaim?.(BigInt(pointer));
    return result;
  } finally {
    module._free(pointer);
  }
}

const hasPointers = (type: Hdf5Type): boolean =>
  type.vlen ||
  type.type === typeClass.variableLength ||
  (type.compound_type?.members.some(hasPointers) ?? false) ||
  (type.array_type ? hasPointers(type.array_type) : false);

/** One attribute as a JSON value: scalars as such, arrays nested by shape, null for an empty data space. */
export function readAttribute(file: Hdf5File, object: string, name: string): MetadataValue {
  const { module, id } = file;
  const doing = `the attribute ${name} of ${object}`;
  try {
    const type = module.get_attribute_metadata(id, object, name);
    const shape = type.shape;
    if (!shape || type.total_size === 0) return shape && shape.length > 0 ? [] : null;
    const bytes = checkedBytes(file, doing, type, false);
    return readThroughLibrary(
      file,
      bytes,
      (pointer) => module.get_attribute_data(id, object, name, pointer),
      (data, heap) => decodeElements(data, type, shape, heap),
      hasPointers(type) ? (pointer) => module.reclaim_vlen_memory(id, object, name, pointer) : null,
    );
  } catch (thrown) {
    throw explainHdf5Failure(file.path, doing, thrown);
  }
}

/** All attributes of an object in the file's order; an unreadable one becomes a warning, not a failure. */
export function readAttributes(file: Hdf5File, object: string, warnings: string[]): Map<string, MetadataValue> {
  const values = new Map<string, MetadataValue>();
  for (const name of listAttributes(file, object)) {
    try {
      values.set(name, readAttribute(file, object, name));
    } catch (thrown) {
      if (!(thrown instanceof EigenscopeError) || thrown.cause instanceof WebAssembly.RuntimeError) throw thrown;
      warnings.push(thrown.message);
    }
  }
  return values;
}

export function listAttributes(file: Hdf5File, object: string): string[] {
  try {
    return file.module.get_attribute_names(file.id, object);
  } catch (thrown) {
    throw explainHdf5Failure(file.path, `the list of attributes of ${object}`, thrown);
  }
}

/** Shape and type of a data set, without reading its values. */
export function describeDataset(file: Hdf5File, path: string): Hdf5Type {
  try {
    return file.module.get_dataset_metadata(file.id, path);
  } catch (thrown) {
    throw explainHdf5Failure(file.path, `the data set ${path}`, thrown);
  }
}

export function datasetFilters(file: Hdf5File, path: string): number[] {
  try {
    return file.module.get_dataset_filters(file.id, path).map((filter) => filter.id);
  } catch (thrown) {
    throw explainHdf5Failure(file.path, `the filters of ${path}`, thrown);
  }
}

/**
 * Bytes of a small data set, little-endian, and its description, handed to `decode` while the library's memory is valid.
 * @throws EigenscopeError corrupt-file when it cannot be in the file, unsupported-format when a filter is missing
 */
function readSmall<T>(
  file: Hdf5File,
  path: string,
  decode: (data: Uint8Array, type: Hdf5Type, shape: readonly number[], heap: Uint8Array) => T,
): T | null {
  const { module, id } = file;
  const doing = `the data set ${path}`;
  const type = describeDataset(file, path);
  const shape = type.shape;
  if (!shape) return null;
  const missing = firstOutsideLibrary(datasetFilters(file, path));
  const bytes = checkedBytes(file, doing, type, type.chunks !== null);
  if (missing !== null) {
    const dtype = elementType(type);
    const whole = dtype && readWholeDataset(file, path, type, dtype);
    if (!whole) {
      const unknown = firstMissingFilter([missing]);
      throw unknown === null ? unfoundChunks(file.path, doing, missing) : missingFilter(file.path, doing, unknown);
    }
    return decode(whole, type, shape, module.HEAPU8);
  }
  if (bytes === 0) return decode(new Uint8Array(0), type, shape, module.HEAPU8);
  try {
    return readThroughLibrary(
      file,
      bytes,
      (pointer) => module.get_dataset_data(id, path, null, null, null, pointer),
      (data, heap) => decode(data, type, shape, heap),
      hasPointers(type) ? (pointer) => module.reclaim_vlen_memory(id, path, '', pointer) : null,
    );
  } catch (thrown) {
    throw explainHdf5Failure(file.path, doing, thrown);
  }
}

/**
 * A block of a data set of single bytes, in C order of `count`.
 * @throws EigenscopeError corrupt-file when it cannot be in the file, unsupported-format when a filter is missing
 */
export function readDatasetBytes(
  file: Hdf5File,
  path: string,
  start: readonly number[],
  count: readonly number[],
): Uint8Array {
  const { module, id } = file;
  const doing = `the data set ${path}`;
  const type = describeDataset(file, path);
  const bytes = elementCount(count);
  if (type.size !== 1 || !Number.isSafeInteger(bytes) || bytes > largestValueBytes) {
    throw new EigenscopeError('corrupt-file', `${file.path}: ${doing} does not hold a block of ${bytes} bytes.`, {
      path: file.path,
    });
  }
  const missing = firstOutsideLibrary(datasetFilters(file, path));
  if (missing !== null) throw missingFilter(file.path, doing, missing);
  try {
    return readThroughLibrary(
      file,
      bytes,
      (pointer) =>
        module.get_dataset_data(
          id,
          path,
          count.map(BigInt),
          start.map(BigInt),
          count.map(() => 1n),
          pointer,
        ),
      (data) => data.slice(),
      null,
    );
  } catch (thrown) {
    throw explainHdf5Failure(file.path, doing, thrown);
  }
}

/** A small data set as a JSON value: arrays nested by shape. */
export const readDatasetValue = (file: Hdf5File, path: string): MetadataValue =>
  readSmall(file, path, (data, type, shape, heap) => decodeElements(data, type, shape, heap));

/** A small numeric data set as a typed array of its own, with its type; null when it holds no numbers. */
export function readDatasetNumbers(
  file: Hdf5File,
  path: string,
): { type: Hdf5Type; shape: readonly number[]; values: Float64Array } | null {
  return readSmall(file, path, (data, type, shape) => {
    const scalar = [typeClass.integer, typeClass.float, typeClass.enumeration, typeClass.bitfield].some(
      (c) => c === type.type,
    );
    if (!scalar) return null;
    const source = view(data);
    const values = Float64Array.from({ length: elementCount(shape) }, (_, i) =>
      readNumber(source, i * type.size, type),
    );
    return { type, shape: [...shape], values };
  });
}
