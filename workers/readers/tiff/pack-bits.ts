/**
 * PackBits (TIFF 6.0, section 9): a signed byte n, then n + 1 bytes as they are, or one byte 1 − n times; −128 is nothing.
 * @returns how many bytes of `target` were written
 */
export function decodePackBits(source: Uint8Array, target: Uint8Array): number {
  let out = 0;
  for (let at = 0; at < source.length && out < target.length;) {
    const n = source[at++]!;
    if (n === 128) continue;
    if (n < 128) {
      const run = Math.min(n + 1, target.length - out, source.length - at);
      target.set(source.subarray(at, at + run), out);
      at += n + 1;
      out += run;
    } else {
      const run = Math.min(257 - n, target.length - out);
      if (at < source.length) target.fill(source[at]!, out, out + run);
      at++;
      out += run;
    }
  }
  return out;
}
