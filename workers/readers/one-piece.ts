/** Deflate cannot do better than 1032 to 1, Zstandard than 4 bytes for a block of 128 KiB. */
export const bestRatio = { deflate: 1032, zstd: 32768 } as const;

/**
 * Options of zlib's functions under which `expected` bytes come out in one piece, without others that are joined: one
 * byte more than that, for a buffer that is filled to its end asks for another. Less than half of Node's pool would be
 * taken from the pool, which cannot be given back.
 * @param packed bytes that go in: no more is asked for than can come out of them
 */
export const inOnePiece = (
  expected: number,
  packed: number,
  format: keyof typeof bestRatio = 'deflate',
): { chunkSize: number } => ({
  chunkSize: Math.max(64, Buffer.poolSize >>> 1, Math.min(expected, bestRatio[format] * packed) + 1),
});
