import { writeFileSync } from 'node:fs';
import { lookup3 } from '../../../main/io/hdf5-writer/lookup3.ts';
import { elementDatatype } from '../../../main/io/hdf5-writer/datatype.ts';
import {
  chunkedLayout,
  dataspaceMessage,
  datatypeMessage,
  fillValueMessage,
  groupMessages,
  linkMessage,
  objectHeader,
  superblock,
  superblockBytes,
} from '../../../main/io/hdf5-writer/messages.ts';

/** A float64 data set /a of this shape, in chunks of one element of which none was ever written. */
export function writeHollowHdf5(path: string, shape: readonly number[]): void {
  const data = objectHeader([
    dataspaceMessage(shape),
    datatypeMessage(elementDatatype('float64')),
    fillValueMessage(true),
    chunkedLayout(
      null,
      shape.map(() => 1),
      8,
    ),
  ]);
  const at = superblockBytes;
  const rootAt = at + data.length;
  const root = objectHeader([...groupMessages(), linkMessage('a', at)]);
  writeFileSync(path, Buffer.concat([superblock(rootAt, rootAt + root.length), data, root]));
}

/** Replaces the deflate filter of the only packed data set by another one, and sets the checksum of the header right. */
export function patchFilter(bytes: Uint8Array, id: number): Uint8Array {
  const file = Buffer.from(bytes);
  // Version 2, two filters, shuffle (id 2) with one value, then deflate (id 1).
  const message = file.indexOf(Buffer.from([0x02, 0x02, 0x02, 0x00, 0x01, 0x00, 0x01, 0x00]));
  const deflateAt = message + 12;
  if (message < 0 || file.readUInt16LE(deflateAt) !== 1) throw new Error('no filter message to patch');
  const header = file.lastIndexOf('OHDR', message);
  const length = 10 + file.readUInt32LE(header + 6);
  if (id < 256) {
    file.writeUInt16LE(id, deflateAt);
    file.writeUInt32LE(lookup3(file.subarray(header, header + length)), header + length);
    return file;
  }
  // Filters of others have a name: two more bytes for its length, which is zero.
  const wider = Buffer.concat([
    file.subarray(0, deflateAt),
    Buffer.from([id & 255, id >> 8, 0, 0]),
    file.subarray(deflateAt + 2),
  ]);
  return moveBehind(wider, header, message, 2);
}

/** After bytes were put into the header at `header`: sizes of message and header, and everything that points behind it. */
function moveBehind(file: Buffer, header: number, message: number, by: number): Buffer {
  file.writeUInt16LE(file.readUInt16LE(message - 3) + by, message - 3);
  file.writeUInt32LE(file.readUInt32LE(header + 6) + by, header + 6);
  const length = 10 + file.readUInt32LE(header + 6);
  file.writeUInt32LE(lookup3(file.subarray(header, header + length)), header + length);
  // What follows is the root group: it stands at a multiple of eight, now by some bytes further on.
  const root = file.indexOf('OHDR', header + 4);
  file.writeBigUInt64LE(BigInt(root), 36);
  file.writeBigUInt64LE(BigInt(file.length), 28);
  file.writeUInt32LE(lookup3(file.subarray(0, 44)), 44);
  return file;
}
