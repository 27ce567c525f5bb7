import type { FileBytes } from '../file-bytes.ts';
import { corrupt, truncated } from '../file-bytes.ts';

/** A block of a WDF file: four letters, a number, and the bytes after its own 16. */
export interface WdfBlock {
  id: string;
  /** of the first byte after the block's head */
  position: number;
  /** bytes after the head; the file may end before that when recording was cut off */
  size: number;
}

const headBytes = 16;
/** WiRE writes some dozens; a damaged size must not make a million out of them. */
const mostBlocks = 20_000;

/**
 * Every block in the order of the file. A last block that the end of the file cuts is listed with the size it announces.
 * @throws EigenscopeError `corrupt-file` when the chain of blocks leads nowhere
 */
export function listBlocks(file: FileBytes): WdfBlock[] {
  const blocks: WdfBlock[] = [];
  for (let at = 0; at + headBytes <= file.size;) {
    const head = file.view(at, headBytes);
    const id = String.fromCharCode(head.getUint8(0), head.getUint8(1), head.getUint8(2), head.getUint8(3));
    const size = Number(head.getBigUint64(8, true));
    if (!/^[\x20-\x7e]{4}$/.test(id) || size < headBytes || !Number.isSafeInteger(at + size)) {
      throw corrupt(file.path, `its blocks break off at byte ${at}`, 'four letters and a size were expected');
    }
    blocks.push({ id, position: at + headBytes, size: size - headBytes });
    if (blocks.length > mostBlocks) {
      throw corrupt(file.path, `it has more than ${mostBlocks} blocks`, 'some dozens were expected');
    }
    at += size;
  }
  return blocks;
}

/** The bytes of a small block as a view of their own. */
export function readBlock(file: FileBytes, block: WdfBlock, most = block.size): DataView {
  if (block.position + block.size > file.size) {
    throw truncated(file.path, block.position + block.size, file.size, `its block ${block.id} says`);
  }
  const bytes = new Uint8Array(Math.min(block.size, most));
  file.readInto(bytes, block.position);
  return new DataView(bytes.buffer);
}
