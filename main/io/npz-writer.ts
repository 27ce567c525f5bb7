import type { DType } from '../../workers/model/dtype.ts';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import type { Scalar } from '../../workers/model/result.ts';
import { writeAtomically, type WriteOptions } from './atomic-write.ts';
import { npyHeader, npyItemSize, type NpyType } from './npy-format.ts';
import { blocksOf, type ArrayData } from './npy-writer.ts';
import { createZipWriter } from './zip-writer.ts';

/** An array for a file: elements in C order, little-endian, at once or in blocks. */
export interface NamedArray {
  dtype: DType;
  shape: readonly number[];
  data: ArrayData;
}

async function* member(header: Uint8Array, data: ArrayData): AsyncGenerator<ArrayBufferView> {
  yield header;
  yield* blocksOf(data);
}

/** A single value as NumPy keeps it without shape: whole numbers int64, others float64, text as UTF-32. */
function scalarElement(value: number | string | boolean): { type: NpyType; bytes: Uint8Array } {
  if (typeof value === 'boolean') return { type: 'bool', bytes: Uint8Array.of(value ? 1 : 0) };
  if (typeof value === 'number') {
    const isWhole = Number.isSafeInteger(value) && !Object.is(value, -0);
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    if (isWhole) view.setBigInt64(0, BigInt(value), true);
    else view.setFloat64(0, value, true);
    return { type: isWhole ? 'int64' : 'float64', bytes };
  }
  const points = Array.from(value, (character) => character.codePointAt(0)!);
  const bytes = new Uint8Array(4 * Math.max(1, points.length));
  const view = new DataView(bytes.buffer);
  points.forEach((point, i) => view.setUint32(4 * i, point, true));
  return { type: { text: Math.max(1, points.length) }, bytes };
}

/** Names become names of files in the archive: no folders. */
const memberName = (name: string): string => `${name.replaceAll(/[/\\\0]/g, '-')}.npy`;

/**
 * Writes named arrays and single values as an uncompressed .npz, whole or not at all. With HyperSpy's field names its
 * `learning_results.load` takes it; values that are null are left out, which it reads as none.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`, `shape-mismatch`
 */
export async function writeNpz(
  path: string,
  arrays: Readonly<Record<string, NamedArray>>,
  scalars: Readonly<Record<string, Scalar>>,
  options: WriteOptions,
): Promise<void> {
  await writeAtomically(path, options, async (file) => {
    const zip = createZipWriter(file);
    for (const [name, { dtype, shape, data }] of Object.entries(arrays)) {
      const header = npyHeader(dtype, shape);
      await zip.add(memberName(name), header.length + elementCount(shape) * itemSize(dtype), member(header, data));
    }
    for (const [name, value] of Object.entries(scalars)) {
      if (value === null || Object.hasOwn(arrays, name)) continue;
      const { type, bytes } = scalarElement(value);
      const header = npyHeader(type, []);
      await zip.add(memberName(name), header.length + npyItemSize(type), [header, bytes]);
    }
    await zip.end();
  });
}
