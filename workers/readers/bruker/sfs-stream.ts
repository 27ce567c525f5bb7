import { inflateSync } from 'node:zlib';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt } from '../file-bytes.ts';
import { freeBytes } from '../free-bytes.ts';
import { inOnePiece } from '../one-piece.ts';
import type { SfsContainer, SfsItem } from './sfs.ts';
import { payloadPosition, readPointers } from './sfs.ts';

/** The bytes of a file in a container, from anywhere. */
export interface ByteStream {
  /** bytes that are there: fewer than there were when the file is cut short */
  size: number;
  cut: boolean;
  /**
   * Fills `target` from `position` on.
   * @throws EigenscopeError `truncated-file`, `corrupt-file`
   */
  readInto(target: Uint8Array, position: number): void;
}

/** Neighbouring chunks are read together, up to this much at once. */
const readTogether = 1 << 18;
const aacs = 0x53434141;
const aacsHeaderBytes = 0x80;
const largestBlock = 1 << 26;
/** Inflated blocks that are kept: lines of a map cross from one to the next. */
const blocksKept = 3;

/** A file as it is stored. Chunks that lie one behind the other are read at once and their headers left out. */
function storedStream(file: FileBytes, container: SfsContainer, item: SfsItem): ByteStream {
  const chunks = readPointers(file, container, item);
  const { payloadBytes, chunkBytes } = container;
  const most = Math.max(1, Math.floor(readTogether / chunkBytes));
  let scratch = new Uint8Array(0);
  let whole = 0;
  while (whole < chunks.length && payloadPosition(container, chunks[whole]!) + payloadBytes <= file.size) whole++;
  const end = whole === chunks.length ? 0 : file.size - payloadPosition(container, chunks[whole]!);
  const size = Math.min(item.size, whole * payloadBytes + Math.max(0, end));
  return {
    size,
    cut: size < item.size,
    readInto(target, position) {
      let index = Math.floor(position / payloadBytes);
      let skip = position - index * payloadBytes;
      for (let done = 0; done < target.length;) {
        const first = chunks[index];
        if (first === undefined) throw corrupt(file.path, `${item.name} in it is cut short`, 'more was expected');
        const wanted = Math.min(most, Math.ceil((skip + target.length - done) / payloadBytes));
        let run = 1;
        while (run < wanted && chunks[index + run] === first + run) run++;
        const length = Math.min(target.length - done, run * payloadBytes - skip);
        const at = payloadPosition(container, first) + skip;
        if (run === 1) {
          file.readInto(target.subarray(done, done + length), at);
        } else {
          // the last chunk of the file may be shorter than the others: only what is wanted is read
          const span = length + (run - 1) * (chunkBytes - payloadBytes);
          if (scratch.length < span) scratch = new Uint8Array(Math.max(span, most * chunkBytes));
          file.readInto(scratch.subarray(0, span), at);
          for (let from = 0, to = 0, left = payloadBytes - skip; to < length; left = payloadBytes) {
            const piece = Math.min(left, length - to);
            target.set(scratch.subarray(from, from + piece), done + to);
            to += piece;
            from += piece + chunkBytes - payloadBytes;
          }
        }
        done += length;
        index += run;
        skip = 0;
      }
    },
  };
}

/** Blocks of zlib data, each found by its number, inflated when asked for. */
function inflatedStream(file: FileBytes, item: SfsItem, stored: ByteStream): ByteStream {
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  stored.readInto(head, 0);
  const blockBytes = view.getUint32(4, true);
  const count = view.getUint32(12, true);
  if (blockBytes === 0 || blockBytes > largestBlock || count === 0 || count > stored.size / 16) {
    throw corrupt(file.path, `${item.name} has ${count} packed blocks of ${blockBytes} bytes`, 'others were expected');
  }
  const starts = new Float64Array(count);
  const lengths = new Float64Array(count);
  let known = 0;
  let lastBytes = 0;
  for (let at = aacsHeaderBytes; known < count && at + 16 <= stored.size; known++) {
    stored.readInto(head, at);
    const length = view.getUint32(0, true);
    if (length === 0 || at + 16 + length > stored.size) break;
    starts[known] = at + 16;
    lengths[known] = length;
    lastBytes = view.getUint32(4, true);
    at += 16 + length;
  }
  if (known === 0) throw corrupt(file.path, `${item.name} holds no packed block`, 'at least one was expected');

  const kept = new Map<number, Uint8Array>();
  const block = (index: number): Uint8Array => {
    const found = kept.get(index);
    if (found !== undefined) return found;
    const packed = new Uint8Array(lengths[index]!);
    stored.readInto(packed, starts[index]!);
    let bytes: Uint8Array;
    try {
      bytes = inflateSync(packed, { maxOutputLength: blockBytes, ...inOnePiece(blockBytes, packed.length) });
    } catch {
      throw corrupt(
        file.path,
        `packed block ${index + 1} of ${item.name} cannot be unpacked`,
        'zlib data were expected',
      );
    }
    if (bytes.length !== blockBytes && index < known - 1) {
      throw corrupt(file.path, `packed block ${index + 1} has ${bytes.length} bytes`, `${blockBytes} were expected`);
    }
    freeBytes(packed);
    if (kept.size >= blocksKept) {
      const oldest = kept.keys().next().value!;
      freeBytes(kept.get(oldest)!);
      kept.delete(oldest);
    }
    kept.set(index, bytes);
    return bytes;
  };

  if (lastBytes === 0 || lastBytes > blockBytes) lastBytes = block(known - 1).length;
  return {
    size: (known - 1) * blockBytes + lastBytes,
    cut: known < count,
    readInto(target, position) {
      for (let done = 0; done < target.length;) {
        const index = Math.floor((position + done) / blockBytes);
        if (index >= known) throw corrupt(file.path, `${item.name} in it is cut short`, 'more was expected');
        const bytes = block(index);
        const from = position + done - index * blockBytes;
        const piece = Math.min(bytes.length - from, target.length - done);
        if (piece <= 0) throw corrupt(file.path, `packed block ${index + 1} is too short`, 'more was expected');
        target.set(bytes.subarray(from, from + piece), done);
        done += piece;
      }
    },
  };
}

/**
 * Opens a file inside a container, packed or not.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`
 */
export function openStream(file: FileBytes, container: SfsContainer, item: SfsItem): ByteStream {
  const stored = storedStream(file, container, item);
  if (item.size < aacsHeaderBytes + 16) return stored;
  const magic = new Uint8Array(4);
  stored.readInto(magic, 0);
  return new DataView(magic.buffer).getUint32(0, true) === aacs ? inflatedStream(file, item, stored) : stored;
}

/** All of a small file in a container. */
export function readWhole(file: FileBytes, stream: ByteStream, most: number): Uint8Array {
  if (stream.size > most) {
    throw corrupt(file.path, `a text in it has ${stream.size} bytes`, `at most ${most} were expected`);
  }
  const bytes = new Uint8Array(stream.size);
  stream.readInto(bytes, 0);
  return bytes;
}
