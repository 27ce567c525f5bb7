import { crc32, deflateRawSync } from 'node:zlib';
import type { BuiltType } from './elements.ts';
import { encodeElements, ramp } from './elements.ts';

const codes: Readonly<Record<BuiltType, string>> = {
  bool: 'b1',
  int8: 'i1',
  uint8: 'u1',
  int16: 'i2',
  uint16: 'u2',
  int32: 'i4',
  uint32: 'u4',
  int64: 'i8',
  uint64: 'u8',
  float16: 'f2',
  float32: 'f4',
  float64: 'f8',
  complex64: 'c8',
  complex128: 'c16',
};

export interface NpyOptions {
  shape: readonly number[];
  dtype?: BuiltType;
  /** in the order they are stored; 0, 1, 2 … when absent */
  data?: ArrayLike<number>;
  fortranOrder?: boolean;
  bigEndian?: boolean;
  version?: 1 | 2 | 3;
  /** replaces the type, e.g. `'|O'` or a list of fields */
  descr?: string;
}

/** An .npy file, byte by byte. */
export function buildNpy(options: NpyOptions): Buffer {
  const { shape, dtype = 'float64', version = 1, bigEndian = false } = options;
  const order = /[a-z]1$/.test(codes[dtype]) ? '|' : bigEndian ? '>' : '<';
  const descr = options.descr ?? `'${order}${codes[dtype]}'`;
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': ${descr}, 'fortran_order': ${options.fortranOrder ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  const prefix = version === 1 ? 10 : 12;
  const length = Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix;
  const head = Buffer.alloc(prefix + length, ' ');
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  if (version === 1) head.writeUInt16LE(length, 8);
  else head.writeUInt32LE(length, 8);
  head.write(text, prefix, 'latin1');
  head[prefix + length - 1] = 0x0a;
  return Buffer.concat([head, encodeElements(options.data ?? ramp(shape, dtype), dtype, !bigEndian)]);
}

/** A zip of members, stored or deflated, as np.savez and np.savez_compressed write it. */
export function buildNpz(members: Readonly<Record<string, Uint8Array>>, deflate = false): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(members)) {
    const packed = deflate ? deflateRawSync(bytes) : Buffer.from(bytes);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, title]));
    parts.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listing, end]);
}
