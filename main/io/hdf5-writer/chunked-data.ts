import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { elementCount } from '../../../workers/model/dtype.ts';
import { blocksOf, type ArrayData } from '../npy-writer.ts';
import { bytesOf } from '../write-fully.ts';
import type { StoredChunk } from './chunk-tree.ts';
import type { Sink } from './sink.ts';

const targetBytes = 2 ** 20;
/** Chunks that are packed at the same time: as many as libuv has threads. */
const atOnce = 4;

const pack = promisify<Uint8Array, { level: number }, Buffer>(deflate);

/**
 * Chunks that are one run of elements in C order each, of about a mebibyte: [1, …, 1, n, whole, …, whole].
 * So an array can be written as it comes, one chunk in memory.
 * @param wholeBytes size of a chunk at most, where one element is not larger
 */
export function chunkShape(shape: readonly number[], itemBytes: number, wholeBytes = targetBytes): number[] {
  const chunk = shape.map(() => 1);
  let bytes = itemBytes;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const fits = Math.max(1, Math.floor(wholeBytes / bytes));
    chunk[axis] = Math.max(1, Math.min(shape[axis]!, fits));
    bytes *= chunk[axis]!;
    if (chunk[axis]! < shape[axis]!) break;
  }
  return chunk;
}

/** First bytes of all elements, then all second bytes …: what HDF5 calls shuffle. */
export function shuffle(bytes: Uint8Array, itemBytes: number): Uint8Array {
  if (itemBytes === 1) return bytes;
  const out = new Uint8Array(bytes.length);
  const count = bytes.length / itemBytes;
  for (let plane = 0, to = 0; plane < itemBytes; plane++) {
    for (let from = plane, i = 0; i < count; i++, from += itemBytes) out[to++] = bytes[from]!;
  }
  return out;
}

/** Origins of the chunks in C order, and how many bytes of data each takes from the stream. */
export function* chunkRuns(
  shape: readonly number[],
  chunk: readonly number[],
  itemBytes: number,
): Generator<{ origin: number[]; bytes: number }> {
  if (elementCount(shape) === 0) return;
  const origin = shape.map(() => 0);
  for (;;) {
    const extent = origin.map((at, axis) => Math.min(chunk[axis]!, shape[axis]! - at));
    yield { origin: [...origin], bytes: elementCount(extent) * itemBytes };
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      origin[axis]! += chunk[axis]!;
      if (origin[axis]! < shape[axis]!) break;
      origin[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/**
 * Puts the elements of an array into chunks as they come, one chunk in memory. A chunk at the edge is whole; what is
 * beyond the edge is zero.
 * @param take gets each chunk when it is full, in C order of their origins, and may keep its bytes
 * @returns how many bytes of data came (too few or too many are the caller's error)
 */
export async function fillChunks(
  data: ArrayData,
  shape: readonly number[],
  chunk: readonly number[],
  itemBytes: number,
  take: (origin: number[], bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  const wholeBytes = elementCount(chunk) * itemBytes;
  const runs = chunkRuns(shape, chunk, itemBytes);
  let run = runs.next();
  let buffer = new Uint8Array(wholeBytes);
  let filled = 0;
  let total = 0;
  for await (const block of blocksOf(data)) {
    const bytes = bytesOf(block);
    total += bytes.length;
    for (let at = 0; at < bytes.length && !run.done;) {
      const some = Math.min(bytes.length - at, run.value.bytes - filled);
      buffer.set(bytes.subarray(at, at + some), filled);
      filled += some;
      at += some;
      if (filled < run.value.bytes) break;
      await take(run.value.origin, buffer);
      buffer = new Uint8Array(wholeBytes);
      filled = 0;
      run = runs.next();
    }
  }
  return total;
}

/**
 * Writes an array chunk by chunk, shuffled and deflated, a few chunks in memory at a time.
 * @returns the chunks in C order of their origin, and how many bytes of data came (too few or too many are the caller's error)
 */
export async function writeChunks(
  sink: Sink,
  data: ArrayData,
  shape: readonly number[],
  chunk: readonly number[],
  itemBytes: number,
  level: number,
): Promise<{ chunks: StoredChunk[]; bytes: number }> {
  const chunks: StoredChunk[] = [];
  const packing: { origin: number[]; packed: Promise<Buffer> }[] = [];

  const writeOldest = async (): Promise<void> => {
    const { origin, packed } = packing.shift()!;
    const bytes = await packed;
    chunks.push({ origin, address: await sink.append(bytes), bytes: bytes.length });
  };

  const bytes = await fillChunks(data, shape, chunk, itemBytes, async (origin, whole) => {
    packing.push({ origin, packed: pack(shuffle(whole, itemBytes), { level }) });
    if (packing.length >= atOnce) await writeOldest();
  });
  while (packing.length > 0) await writeOldest();
  return { chunks, bytes };
}
