/** Deflate gives at most 1032 bytes for one (zlib's technical notes). */
const deflateLimit = 1032;

/** Compressions by their number in the tag. `ratio` bounds how much can come out of a byte. */
const known: Readonly<Record<number, { title: string; ratio?: number }>> = {
  1: { title: 'uncompressed', ratio: 1 },
  2: { title: 'CCITT RLE compressed' },
  3: { title: 'CCITT fax (group 3) compressed' },
  4: { title: 'CCITT fax (group 4) compressed' },
  // a code of 9 to 12 bits gives at most 4094 bytes
  5: { title: 'LZW compressed', ratio: 4094 },
  6: { title: 'old-style JPEG compressed' },
  // a block of 64 samples takes at least two codes of one bit; chroma at a sixteenth
  7: { title: 'JPEG compressed', ratio: 2048 },
  8: { title: 'deflate compressed', ratio: deflateLimit },
  32773: { title: 'PackBits compressed', ratio: 64 },
  32946: { title: 'deflate compressed', ratio: deflateLimit },
  34712: { title: 'JPEG 2000 compressed' },
  34887: { title: 'LERC compressed' },
  34925: { title: 'LZMA compressed' },
  // a block that repeats one byte: 128 KiB out of four bytes
  50000: { title: 'Zstandard compressed', ratio: 32768 },
  50001: { title: 'WebP compressed' },
  50002: { title: 'JPEG XL compressed' },
};

/** What a refusal calls such a page. */
export const compressedPage = (code: number): string =>
  known[code] === undefined ? `a page of unknown compression (${code})` : `a page that is ${known[code].title}`;
export const isReadable = (code: number): boolean => known[code]?.ratio !== undefined;

/** More bytes than this never come out of one byte in. */
export const largestRatio = (code: number): number => known[code]?.ratio ?? 1;
