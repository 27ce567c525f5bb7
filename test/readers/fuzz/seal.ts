import { crc32 } from 'node:zlib';
import { lookup3 } from '../../../main/io/hdf5-writer/lookup3.ts';

/* Checksums that are set right after damage: what is wrong on purpose has them right. */

/** Object headers of version 2 and superblocks of version 2 and 3 (HDF5 file format, II and IV.A). */
function sealHdf5(bytes: Buffer): void {
  const signature = bytes.indexOf(Buffer.from('894844460d0a1a0a', 'hex'));
  if (signature < 0) return;
  const version = bytes[signature + 8];
  if ((version === 2 || version === 3) && signature + 48 <= bytes.length) {
    bytes.writeUInt32LE(lookup3(bytes.subarray(signature, signature + 44)), signature + 44);
  }
  for (let at = bytes.indexOf('OHDR'); at >= 0; at = bytes.indexOf('OHDR', at + 4)) {
    const flags = bytes[at + 5] ?? 0;
    const width = 1 << (flags & 3);
    const sizeAt = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    if (sizeAt + width > bytes.length || width > 4) continue;
    const end = sizeAt + width + bytes.readUIntLE(sizeAt, width);
    if (end + 4 <= bytes.length) bytes.writeUInt32LE(lookup3(bytes.subarray(at, end)), end);
  }
}

/** CRC-32 of the stored members of a zip, in its directory and before the members. */
function sealZip(bytes: Buffer): void {
  for (let at = bytes.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4, 'latin1')) {
    if (at + 46 > bytes.length) return;
    const local = bytes.readUInt32LE(at + 42);
    if (bytes.readUInt16LE(at + 10) !== 0 || local + 30 > bytes.length) continue;
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const crc = crc32(bytes.subarray(start, start + bytes.readUInt32LE(at + 20)));
    bytes.writeUInt32LE(crc, at + 16);
    bytes.writeUInt32LE(crc, local + 14);
  }
}

/** Sets right the checksums of zips and of HDF5, in place. */
export function seal(bytes: Buffer): Buffer {
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') sealZip(bytes);
  else sealHdf5(bytes.length < 2 ** 22 ? bytes : bytes.subarray(0, 2 ** 22));
  return bytes;
}
