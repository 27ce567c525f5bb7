import { buildBytes } from './bytes.ts';
import type { Sink } from './sink.ts';

/** Collections smaller than this are refused by the HDF5 library. */
const leastCollection = 4096;
const collectionBytes = 64 * 1024;
const mostObjects = 60_000;

/** Texts kept in global heap collections, gathered and written in groups. */
export interface TextHeap {
  /** Takes a text; its reference is known after `flush`. */
  add(text: string): () => Uint8Array;
  flush(): Promise<void>;
}

/** HDF5 text ends at a NUL: none may stand within. */
const encode = (text: string): Uint8Array =>
  new TextEncoder().encode(text.replace(/\0+$/, '').replaceAll('\0', '\ufffd'));

const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** One global heap collection (HDF5 file format specification, III.E). */
function collection(texts: readonly Uint8Array[]): Uint8Array {
  const used = 16 + texts.reduce((sum, text) => sum + 16 + padded(text.length), 0);
  const size = Math.max(leastCollection, padded(used + 16));
  const bytes = buildBytes().text('GCOL').u8(1).zeros(3).u64(size);
  texts.forEach((text, i) =>
    bytes
      .u16(i + 1)
      .u16(0)
      .u32(0)
      .u64(text.length)
      .raw(text)
      .zeros(padded(text.length) - text.length),
  );
  // Object 0 is the free space, its own head included.
  bytes
    .u16(0)
    .u16(0)
    .u32(0)
    .u64(size - used);
  return bytes.zeros(size - bytes.length).done();
}

export function createTextHeap(sink: Sink): TextHeap {
  let pending: { text: Uint8Array; settle: (reference: Uint8Array) => void }[] = [];
  return {
    add(text) {
      const bytes = encode(text);
      let reference = new Uint8Array(16);
      if (bytes.length > 0) pending.push({ text: bytes, settle: (found) => (reference = new Uint8Array(found)) });
      return () => reference;
    },
    async flush() {
      for (let first = 0; first < pending.length;) {
        let end = first;
        for (
          let bytes = 0;
          end < pending.length && end - first < mostObjects && (bytes < collectionBytes || end === first);
          end++
        ) {
          bytes += pending[end]!.text.length + 16;
        }
        const members = pending.slice(first, end);
        const address = await sink.append(collection(members.map(({ text }) => text)));
        members.forEach(({ text, settle }, i) =>
          settle(
            buildBytes()
              .u32(text.length)
              .u64(address)
              .u32(i + 1)
              .done(),
          ),
        );
        first = end;
      }
      pending = [];
    },
  };
}
