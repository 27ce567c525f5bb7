import { mostChunks, type TableBuilder } from './chunk-table.ts';
import { readUint, type ChunkedLayout } from './layout-message.ts';
import { undefinedAddress, type Hdf5Bytes } from './object-header.ts';

const names = { header: 0x42544844, internal: 0x4254494e, leaf: 0x42544c46 } as const; // 'BTHD', 'BTIN', 'BTLF'
const headerBytes = 38;
/** signature, version, type, and the checksum behind the records */
const nodeOverhead = 10;
const deepest = 16;

/** Bytes that a number up to this takes. */
const widthOf = (most: number): number => Math.floor(Math.log2(Math.max(1, most)) / 8) + 1;

/**
 * Notes the chunks of a version 2 B-tree (HDF5 file format specification, III.A.2; record types 10 and 11).
 * @param chunkBytes stored size of chunks without filters
 * @returns false when it does not hold together
 */
export function readTree2Index(
  bytes: Hdf5Bytes,
  layout: ChunkedLayout,
  table: TableBuilder,
  chunkBytes: number,
): boolean {
  if (layout.address === undefinedAddress) return true;
  const header = bytes.at(layout.address, headerBytes);
  if (!header || header.getUint32(0) !== names.header || header.getUint8(4) !== 0) return false;
  const type = header.getUint8(5);
  const nodeBytes = header.getUint32(6, true);
  const recordBytes = header.getUint16(10, true);
  const depth = header.getUint16(12, true);
  const rank = layout.chunk.length;
  const isFiltered = type === 11;
  const sizeWidth = recordBytes - 8 - 8 * rank - (isFiltered ? 4 : 0);
  if ((type !== 10 && type !== 11) || depth > deepest || nodeBytes < 32) return false;
  if (isFiltered ? sizeWidth < 1 || sizeWidth > 8 : sizeWidth !== 0) return false;

  // widths of the counts in pointers to children follow from how many records fit
  const mostInLeaf = Math.floor((nodeBytes - nodeOverhead) / recordBytes);
  const countWidth = widthOf(mostInLeaf);
  const totalWidths = [0];
  let below = mostInLeaf;
  for (let level = 1; level <= depth; level++) {
    const pointer = 8 + countWidth + totalWidths[level - 1]!;
    const most = Math.floor((nodeBytes - nodeOverhead - pointer) / (recordBytes + pointer));
    if (most < 1) return false;
    below = (most + 1) * below + most;
    totalWidths.push(widthOf(below));
  }

  const seen = new Set<bigint>();
  const index = new Array<number>(rank);
  let left = 2 * mostChunks;
  const visit = (address: bigint, records: number, level: number): boolean => {
    left -= records + 1;
    if (seen.has(address) || left < 0) return false;
    seen.add(address);
    const node = bytes.at(address, nodeBytes);
    const name = level === 0 ? names.leaf : names.internal;
    if (!node || node.getUint32(0) !== name || node.getUint8(5) !== type) return false;
    const pointer = level === 0 ? 0 : 8 + countWidth + totalWidths[level - 1]!;
    if (nodeOverhead + records * recordBytes + (level === 0 ? 0 : (records + 1) * pointer) > nodeBytes) return false;
    for (let i = 0, at = 6; i < records; i++, at += recordBytes) {
      const stored = isFiltered ? readUint(node, at + 8, sizeWidth) : chunkBytes;
      const skipped = isFiltered ? node.getUint32(at + 8 + sizeWidth, true) : 0;
      const scaled = at + recordBytes - 8 * rank;
      for (let axis = 0; axis < rank; axis++) index[axis] = Number(node.getBigUint64(scaled + 8 * axis, true));
      if (!table.put(index, node.getBigUint64(at, true), stored, skipped)) return false;
    }
    if (level === 0) return true;
    for (let i = 0, at = 6 + records * recordBytes; i <= records; i++, at += pointer) {
      if (!visit(node.getBigUint64(at, true), readUint(node, at + 8, countWidth), level - 1)) return false;
    }
    return true;
  };
  const root = header.getBigUint64(16, true);
  return root === undefinedAddress || visit(root, header.getUint16(24, true), depth);
}
