import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { DType } from '../../../workers/model/dtype.ts';
import { elementCount, itemSize } from '../../../workers/model/dtype.ts';
import { contiguousStrides, copyStrided } from '../../../workers/readers/permute.ts';
import { boxesOfRun } from '../../../workers/readers/runs-of-boxes.ts';
import { blocksOf, checkLength } from '../npy-writer.ts';
import { bytesOf, writeFully } from '../write-fully.ts';
import { changeElements, slicesOf } from './element-change.ts';
import type { SignalToWrite } from './signal-to-write.ts';

/** Gathered before axes are brought into another order: the pieces that are then written are this much longer. */
const gatherBytes = 64 * 2 ** 20;
const inOrderBytes = 8 * 2 ** 20;
/** Brought into order without a pause: the window is served in between. */
const orderedAtOnce = 4 * 2 ** 20;

/**
 * The elements of a signal in pieces of whole elements, of about `size` bytes.
 * @throws EigenscopeError `shape-mismatch` when there are more or fewer than the shape says
 */
export async function* wholeElements(
  path: string,
  signal: SignalToWrite,
  size = inOrderBytes,
): AsyncGenerator<Uint8Array> {
  const item = itemSize(signal.dtype);
  const total = elementCount(signal.shape) * item;
  const room = Math.min(Math.max(item, Math.floor(size / item) * item), Math.max(item, total));
  let buffer: Uint8Array | null = null;
  let filled = 0;
  let seen = 0;
  for await (const block of blocksOf(signal.blocks())) {
    const bytes = bytesOf(block);
    seen += bytes.length;
    for (let at = 0; at < bytes.length;) {
      // a block that is large and whole by itself needs no copy
      if (filled === 0 && bytes.length - at >= room) {
        yield bytes.subarray(at, at + room);
        at += room;
        continue;
      }
      buffer ??= new Uint8Array(room);
      const length = Math.min(room - filled, bytes.length - at);
      buffer.set(bytes.subarray(at, at + length), filled);
      filled += length;
      at += length;
      if (filled === room) {
        yield buffer;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield buffer!.subarray(0, filled);
  checkLength(path, seen, signal.dtype, signal.shape);
}

export interface InOrder {
  /** `order[i]` is the axis of the signal that becomes axis i of the file; the signal's own order when absent */
  order?: readonly number[];
  /** type of the elements in the file; the signal's own when absent */
  dtype?: DType;
  /** byte of the file where the array begins */
  at: number;
  /** bytes that are gathered before their axes are brought into order; 64 MiB when absent */
  gather?: number;
  /** sees the elements as they are written (in the order of the signal) */
  observe?: (bytes: Uint8Array) => void;
}

/**
 * Writes the pixels of a signal as one flat array, in any order of axes, reading them once: pieces of about 64 MiB are
 * brought into order in memory and written where they belong.
 * @throws EigenscopeError `shape-mismatch`; what the pixels throw
 */
export async function writeInOrder(file: FileHandle, path: string, signal: SignalToWrite, how: InOrder): Promise<void> {
  const { shape } = signal;
  const dtype = how.dtype ?? signal.dtype;
  const item = itemSize(dtype);
  const order = how.order ?? shape.map((_, i) => i);
  // axes of size 1 may stand anywhere
  const isInOrder = order.filter((axis) => shape[axis] !== 1).every((axis, i, kept) => i === 0 || axis > kept[i - 1]!);
  const fileStrides = contiguousStrides(order.map((axis) => shape[axis]!));
  /** strides in the file, by axis of the signal */
  const strides = new Array<number>(shape.length).fill(0);
  order.forEach((axis, i) => (strides[axis] = fileStrides[i]!));
  let done = 0;
  for await (const piece of wholeElements(path, signal, isInOrder ? inOrderBytes : (how.gather ?? gatherBytes))) {
    const bytes = await changeAndObserve(piece, signal.dtype, dtype, how.observe);
    const elements = bytes.length / item;
    if (isInOrder) {
      await writeFully(file, bytes, how.at + done * item);
    } else {
      let from = 0;
      for (const box of boxesOfRun(shape, done, done + elements)) {
        const part = bytes.subarray(from * item, (from + box.elements) * item);
        await writeBox(file, part, box, { item, order, strides, at: how.at });
        from += box.elements;
      }
    }
    done += elements;
  }
}

/** The piece in the file's type. */
async function changeAndObserve(
  piece: Uint8Array,
  from: DType,
  to: DType,
  observe: InOrder['observe'],
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const slice of slicesOf(piece, from)) {
    const bytes = changeElements(slice, from, to);
    observe?.(bytes);
    parts.push(bytes);
    await setImmediate();
  }
  if (parts.every(({ buffer }) => buffer === piece.buffer)) return piece;
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

interface Placing {
  item: number;
  order: readonly number[];
  strides: readonly number[];
  at: number;
}

/** Brings one box into the order of the file and writes its runs. */
async function writeBox(
  file: FileHandle,
  bytes: Uint8Array,
  box: { start: readonly number[]; count: readonly number[] },
  { item, order, strides, at }: Placing,
): Promise<void> {
  const count = order.map((axis) => box.count[axis]!);
  const own = contiguousStrides(box.count);
  const sorted = new Uint8Array(bytes.length);
  const from = order.map((axis) => own[axis]!);
  const to = contiguousStrides(count);
  const [first = 1, ...rest] = count;
  const atOnce = Math.max(1, Math.floor(orderedAtOnce / Math.max(1, (to[0] ?? 1) * item)));
  for (let i = 0; i < first; i += atOnce) {
    copyStrided(
      item,
      [Math.min(atOnce, first - i), ...rest],
      { bytes, strides: from, offset: i * (from[0] ?? 0) },
      { bytes: sorted, strides: to, offset: i * (to[0] ?? 0) },
    );
    await setImmediate();
  }
  // trailing axes that are whole in the file form one run with the one before them
  let runAxis = count.length - 1;
  while (runAxis > 0 && strides[order[runAxis - 1]!] === count[runAxis]! * strides[order[runAxis]!]!) runAxis--;
  const run = elementCount(count.slice(runAxis)) * item;
  const index = new Array<number>(runAxis).fill(0);
  const start = order.reduce((sum, axis) => sum + box.start[axis]! * strides[axis]!, 0);
  for (let done = 0; done < sorted.length; done += run) {
    const place = index.reduce((sum, i, k) => sum + i * strides[order[k]!]!, start);
    await writeFully(file, sorted.subarray(done, done + run), at + place * item);
    for (let k = runAxis - 1; k >= 0; k--) {
      if (++index[k]! < count[k]!) break;
      index[k] = 0;
    }
  }
}
