import { buildBytes, undefinedAddress } from './bytes.ts';
import type { Sink } from './sink.ts';

/** A chunk of a data set: index of its first element per axis, where it is and how many bytes it takes there. */
export interface StoredChunk {
  origin: readonly number[];
  address: number;
  bytes: number;
}

/** Half of the children of a full node: what readers assume for files with a version 2 superblock. */
const halfNode = 32;
const mostChildren = 2 * halfNode;

interface Key {
  bytes: number;
  origin: readonly number[];
}
interface Child {
  first: Key;
  last: Key;
  address: number;
}

/** One node (type 1, version 1) at its full size; keys surround the children. */
function node(level: number, children: readonly Child[], left: number | null, right: number | null): Uint8Array {
  const rank = children[0]!.first.origin.length;
  const keyBytes = 8 + 8 * (rank + 1);
  const size = 24 + mostChildren * 8 + (mostChildren + 1) * keyBytes;
  const bytes = buildBytes()
    .text('TREE')
    .u8(1)
    .u8(level)
    .u16(children.length)
    .u64(left ?? undefinedAddress)
    .u64(right ?? undefinedAddress);
  const putKey = (key: Key): void => {
    bytes.u32(key.bytes).u32(0);
    for (const at of key.origin) bytes.u64(at);
    bytes.u64(0);
  };
  for (const child of children) {
    putKey(child.first);
    bytes.u64(child.address);
  }
  putKey(children.at(-1)!.last);
  return bytes.zeros(size - bytes.length).done();
}

/**
 * Writes the index of the chunks, which come in C order of their origin, as a version 1 B-tree, bottom up.
 * @returns address of the root, or null when there are no chunks
 * @see HDF5 file format specification, III.A.1
 */
export async function writeChunkTree(
  sink: Sink,
  chunks: readonly StoredChunk[],
  chunk: readonly number[],
): Promise<number | null> {
  // A key that is beyond the chunk before it in every direction ends a node.
  const beyond = (origin: readonly number[]): Key => ({
    bytes: 0,
    origin: origin.map((at, axis) => at + chunk[axis]!),
  });
  let children: Child[] = chunks.map(({ origin, address, bytes }, i) => ({
    first: { bytes, origin },
    last: i + 1 < chunks.length ? { bytes: chunks[i + 1]!.bytes, origin: chunks[i + 1]!.origin } : beyond(origin),
    address,
  }));
  if (children.length === 0) return null;
  for (let level = 0; ; level++) {
    const parts: Child[][] = [];
    for (let first = 0; first < children.length; first += mostChildren)
      parts.push(children.slice(first, first + mostChildren));
    const rank = chunk.length;
    const nodeBytes = 24 + mostChildren * 8 + (mostChildren + 1) * (8 + 8 * (rank + 1));
    const base = await sink.align();
    const at = (i: number): number | null => (i < 0 || i >= parts.length ? null : base + i * nodeBytes);
    for (const [i, part] of parts.entries()) await sink.continue(node(level, part, at(i - 1), at(i + 1)));
    if (parts.length === 1) return base;
    children = parts.map((part, i) => ({ first: part[0]!.first, last: part.at(-1)!.last, address: at(i)! }));
  }
}
