import type { DType } from '../../../workers/model/dtype.ts';
import { elementCount, itemSize } from '../../../workers/model/dtype.ts';
import { chunkRuns, chunkShape } from '../hdf5-writer/chunked-data.ts';
import type { DatasetNode, TextsNode } from '../hdf5-writer/tree.ts';
import { blocksOf, checkLength } from '../npy-writer.ts';
import { bytesOf } from '../write-fully.ts';
import { bloscCompressor, packBlosc } from './blosc-frame.ts';
import type { ZarrSink } from './sink.ts';

/** Few enough files for a drive, small enough to be read in part. */
const chunkBytes = 4 * 2 ** 20;

const numbers: Readonly<Partial<Record<DType, string>>> = {
  bool: '|b1',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  complex64: '<c8',
  complex128: '<c16',
};

/** NumPy's name of an element type; colours are records of their components. */
function descriptor(dtype: DType): string | [string, string][] {
  const found = numbers[dtype];
  if (found !== undefined) return found;
  const component = dtype.endsWith('16') ? '<u2' : '|u1';
  return [...(dtype.startsWith('rgba') ? 'RGBA' : 'RGB')].map((name) => [name, component]);
}

function fillOf(dtype: DType): unknown {
  if (dtype.startsWith('rgb')) return null;
  if (dtype.startsWith('complex')) return [0, 0];
  return dtype === 'bool' ? false : 0;
}

const description = (fields: Record<string, unknown>): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ zarr_format: 2, order: 'C', ...fields }, null, 4));

const keyOfChunk = (key: string, index: readonly number[]): string =>
  `${key}/${index.length === 0 ? '0' : index.join('.')}`;

/**
 * Writes an array of numbers as it comes, one chunk in memory.
 * @throws EigenscopeError `shape-mismatch` when more or less comes than the shape says
 */
export async function putArray(sink: ZarrSink, key: string, node: DatasetNode): Promise<void> {
  const { dtype, shape, data } = node;
  const size = itemSize(dtype);
  const chunk = chunkShape(shape, size, chunkBytes);
  const fields = { shape, chunks: chunk, dtype: descriptor(dtype), compressor: bloscCompressor, filters: null };
  await sink.put(`${key}/.zarray`, description({ ...fields, fill_value: fillOf(dtype) }));
  const wholeBytes = elementCount(chunk) * size;
  const runs = chunkRuns(shape, chunk, size);
  let run = runs.next();
  // a chunk at the edge is stored whole; what is beyond the edge is zero
  let buffer = new Uint8Array(wholeBytes);
  let filled = 0;
  let total = 0;
  for await (const block of blocksOf(data)) {
    const bytes = bytesOf(block);
    total += bytes.length;
    for (let at = 0; at < bytes.length && !run.done;) {
      const take = Math.min(bytes.length - at, run.value.bytes - filled);
      buffer.set(bytes.subarray(at, at + take), filled);
      filled += take;
      at += take;
      if (filled < run.value.bytes) break;
      const index = run.value.origin.map((first, axis) => first / chunk[axis]!);
      await sink.put(keyOfChunk(key, index), await packBlosc(buffer, size));
      buffer = new Uint8Array(wholeBytes);
      filled = 0;
      run = runs.next();
    }
  }
  checkLength(key, total, dtype, shape);
}

/** Writes a list of texts as numcodecs' JSON, in one chunk. */
export async function putTexts(sink: ZarrSink, key: string, { values }: TextsNode): Promise<void> {
  const codec = {
    id: 'json2',
    encoding: 'utf-8',
    skipkeys: false,
    ensure_ascii: true,
    check_circular: true,
    allow_nan: true,
    sort_keys: true,
    indent: null,
    separators: [',', ':'],
    strict: true,
  };
  const shape = [values.length];
  const fields = { shape, chunks: [Math.max(1, values.length)], dtype: '|O', compressor: bloscCompressor };
  await sink.put(`${key}/.zarray`, description({ ...fields, filters: [codec], fill_value: 0 }));
  if (values.length === 0) return;
  const text = JSON.stringify([...values, '|O', shape]);
  await sink.put(keyOfChunk(key, [0]), await packBlosc(new TextEncoder().encode(text), 1));
}
