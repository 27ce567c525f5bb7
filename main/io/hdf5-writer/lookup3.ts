const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/**
 * Bob Jenkins' lookup3 (hashlittle) with start value 0: the checksum of HDF5 metadata.
 * @see HDF5 file format specification, appendix; http://burtleburtle.net/bob/c/lookup3.c
 */
export function lookup3(bytes: Uint8Array): number {
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  const word = (offset: number): number => {
    let value = 0;
    for (let i = 0; i < 4; i++) value |= (bytes[at + offset + i] ?? 0) << (8 * i);
    return value;
  };
  while (bytes.length - at > 12) {
    a = (a + word(0)) | 0;
    b = (b + word(4)) | 0;
    c = (c + word(8)) | 0;
    a = (((a - c) | 0) ^ rotate(c, 4)) | 0;
    c = (c + b) | 0;
    b = (((b - a) | 0) ^ rotate(a, 6)) | 0;
    a = (a + c) | 0;
    c = (((c - b) | 0) ^ rotate(b, 8)) | 0;
    b = (b + a) | 0;
    a = (((a - c) | 0) ^ rotate(c, 16)) | 0;
    c = (c + b) | 0;
    b = (((b - a) | 0) ^ rotate(a, 19)) | 0;
    a = (a + c) | 0;
    c = (((c - b) | 0) ^ rotate(b, 4)) | 0;
    b = (b + a) | 0;
    at += 12;
  }
  if (bytes.length === at) return c >>> 0;
  // What lies beyond the end counts as zero.
  a = (a + word(0)) | 0;
  b = (b + word(4)) | 0;
  c = (c + word(8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}
