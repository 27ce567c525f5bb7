import type { DType } from '../../../workers/model/dtype.ts';
import { itemSize } from '../../../workers/model/dtype.ts';
import { numpyDescriptor } from '../../../workers/model/numpy-dtype.ts';
import { chunkShape, fillChunks } from '../hdf5-writer/chunked-data.ts';
import type { DatasetNode, TextsNode } from '../hdf5-writer/tree.ts';
import { checkLength } from '../npy-writer.ts';
import { bloscCompressor, packBlosc } from './blosc-frame.ts';
import type { ZarrSink } from './sink.ts';

/** Few enough files for a drive, small enough to be read in part. */
const chunkBytes = 4 * 2 ** 20;

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
  const fields = { shape, chunks: chunk, dtype: numpyDescriptor(dtype), compressor: bloscCompressor, filters: null };
  await sink.put(`${key}/.zarray`, description({ ...fields, fill_value: fillOf(dtype) }));
  const total = await fillChunks(data, shape, chunk, size, async (origin, bytes) => {
    const index = origin.map((first, axis) => first / chunk[axis]!);
    await sink.put(keyOfChunk(key, index), await packBlosc(bytes, size));
  });
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
