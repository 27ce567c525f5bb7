/** How the chunks of a data set are found: the kinds of index of HDF5 1.0 (`tree`) and 1.10 (the others). */
export type ChunkIndex =
  | { kind: 'tree' }
  | { kind: 'single'; stored: { bytes: number; skipped: number } | null }
  | { kind: 'implicit' }
  | { kind: 'fixed' }
  | { kind: 'extensible' }
  | { kind: 'tree-2' };

export interface ChunkedLayout {
  /** elements of a chunk along every axis */
  chunk: number[];
  itemBytes: number;
  index: ChunkIndex;
  address: bigint;
  /** chunks that reach beyond the array are stored without filters */
  plainEdges: boolean;
}

/** An unsigned number of up to eight bytes, little-endian. */
export function readUint(data: DataView, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + data.getUint8(at + i);
  return value;
}

function indexOf(type: number, flags: number, data: DataView, at: number): { index: ChunkIndex; end: number } | null {
  switch (type) {
    case 1: {
      if ((flags & 2) === 0) return { index: { kind: 'single', stored: null }, end: at };
      const stored = { bytes: readUint(data, at, 8), skipped: data.getUint32(at + 8, true) };
      return { index: { kind: 'single', stored }, end: at + 12 };
    }
    case 2:
      return { index: { kind: 'implicit' }, end: at };
    case 3:
      return { index: { kind: 'fixed' }, end: at + 1 };
    case 4:
      return { index: { kind: 'extensible' }, end: at + 5 };
    case 5:
      return { index: { kind: 'tree-2' }, end: at + 6 };
    default:
      return null;
  }
}

function parse(data: DataView): ChunkedLayout | null {
  const version = data.getUint8(0);
  if (version < 3 || version > 5 || data.getUint8(1) !== 2) return null;
  if (version === 3) {
    const rank = data.getUint8(2) - 1;
    const sizes = Array.from({ length: rank + 1 }, (_, axis) => data.getUint32(11 + 4 * axis, true));
    const address = data.getBigUint64(3, true);
    return {
      chunk: sizes.slice(0, rank),
      itemBytes: sizes[rank]!,
      index: { kind: 'tree' },
      address,
      plainEdges: false,
    };
  }
  const flags = data.getUint8(2);
  const rank = data.getUint8(3) - 1;
  const width = data.getUint8(4);
  if (width < 1 || width > 8) return null;
  const sizes = Array.from({ length: rank + 1 }, (_, axis) => readUint(data, 5 + width * axis, width));
  const at = 5 + width * (rank + 1);
  const found = indexOf(data.getUint8(at), flags, data, at + 1);
  if (found === null) return null;
  return {
    chunk: sizes.slice(0, rank),
    itemBytes: sizes[rank]!,
    index: found.index,
    address: data.getBigUint64(found.end, true),
    plainEdges: (flags & 1) !== 0,
  };
}

/**
 * The chunked layout in a data layout message; null for other layouts, for those of HDF5 before 1.6, and for damaged ones.
 * @see HDF5 file format specification version 3.0, IV.A.2.i
 */
export function parseChunkedLayout(data: DataView): ChunkedLayout | null {
  let layout: ChunkedLayout | null;
  try {
    layout = parse(data);
  } catch {
    // a field beyond the end of the message
    return null;
  }
  const isSound =
    layout !== null && layout.itemBytes > 0 && layout.chunk.length > 0 && layout.chunk.every((size) => size > 0);
  return isSound ? layout : null;
}
