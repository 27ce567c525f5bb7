/** Type classes whose bits can be something else than the library's whole numbers and IEEE floats. */
const integer = 0;
const float = 1;
const enumeration = 8;
const shared = 2;

/** Exponent and mantissa of IEEE floats by size: place and size of each, and the bias. */
const ieee: Readonly<Record<number, readonly number[]>> = {
  2: [10, 5, 0, 10, 15],
  4: [23, 8, 0, 23, 127],
  8: [52, 11, 0, 52, 1023],
};

/**
 * Whether the bytes of elements are numbers as the machine has them, byte order aside: all bits used, IEEE floats.
 * Compounds are described by the library well enough and taken as they are; types that are kept elsewhere are not looked for.
 * @param data of a datatype message (HDF5 file format specification, IV.A.2.d)
 */
export function isPlainType(data: DataView, flags = 0): boolean {
  if ((flags & shared) !== 0 || data.byteLength < 8) return false;
  const kind = data.getUint8(0) & 15;
  const size = data.getUint32(4, true);
  if (kind === enumeration) {
    return data.byteLength >= 20 && isPlainType(new DataView(data.buffer, data.byteOffset + 8, data.byteLength - 8));
  }
  if (kind !== integer && kind !== float) return true;
  if (data.byteLength < 12 || data.getUint16(8, true) !== 0 || data.getUint16(10, true) !== 8 * size) return false;
  if (kind === integer) return true;
  const parts = ieee[size];
  const isVax = (data.getUint8(1) & 0x40) !== 0;
  if (parts === undefined || isVax || data.byteLength < 20) return false;
  const found = [12, 13, 14, 15].map((at) => data.getUint8(at));
  return parts.every((part, i) => part === (i < 4 ? found[i] : data.getUint32(16, true)));
}
