import type { TableBuilder } from './chunk-table.ts';
import { mostChunks } from './chunk-table.ts';
import type { ChunkedLayout } from './layout-message.ts';
import { undefinedAddress, type Hdf5Bytes } from './object-header.ts';

const signature = 0x54524545; // 'TREE'
const headBytes = 24;
const deepest = 32;

/**
 * Notes the chunks of a version 1 B-tree (HDF5 file format specification, III.A.1).
 * @returns false when it does not hold together
 */
export function readTreeIndex(bytes: Hdf5Bytes, layout: ChunkedLayout, table: TableBuilder): boolean {
  const { chunk } = layout;
  const rank = chunk.length;
  const keyBytes = 8 + 8 * (rank + 1);
  const seen = new Set<bigint>();
  const index = new Array<number>(rank);
  // every chunk has one entry, and there are fewer nodes than chunks
  let left = 2 * mostChunks;

  const visit = (address: bigint, level: number): boolean => {
    if (seen.has(address)) return false;
    seen.add(address);
    const head = bytes.at(address, headBytes);
    if (!head || head.getUint32(0) !== signature || head.getUint8(4) !== 1) return false;
    const found = head.getUint8(5);
    if (level < 0 ? found > deepest : found !== level) return false;
    const entries = head.getUint16(6, true);
    left -= entries;
    const body = left < 0 ? null : bytes.at(address + BigInt(headBytes), entries * (keyBytes + 8));
    if (!body) return false;
    for (let i = 0, at = 0; i < entries; i++, at += keyBytes + 8) {
      const child = body.getBigUint64(at + keyBytes, true);
      if (found > 0) {
        if (!visit(child, found - 1)) return false;
        continue;
      }
      for (let axis = 0; axis < rank; axis++) {
        const position = Number(body.getBigUint64(at + 8 + 8 * axis, true));
        if (position % chunk[axis]! !== 0) return false;
        index[axis] = position / chunk[axis]!;
      }
      if (!table.put(index, child, body.getUint32(at, true), body.getUint32(at + 4, true))) return false;
    }
    return true;
  };
  return layout.address === undefinedAddress || visit(layout.address, -1);
}
