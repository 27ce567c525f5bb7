/* The table, for one strip at a time. */
const starts = new Int32Array(4097);
const lengths = new Int32Array(4097);

/**
 * LZW as TIFF writes it (TIFF 6.0, section 13): codes of 9 to 12 bits, highest bit first, widened one code early; 256
 * clears the table, 257 ends. Every string of the table is a piece of the output already written, so the table keeps
 * where it begins and how long it is.
 * @returns how many bytes of `target` were written; −1 when a code makes no sense
 */
export function decodeLzw(source: Uint8Array, target: Uint8Array): number {
  let next = 258;
  let width = 9;
  let bits = 0;
  let held = 0;
  let at = 0;
  let out = 0;
  // the string before: where it begins in the output; length 0 right after a clear
  let before = 0;
  let beforeLength = 0;
  for (;;) {
    while (held < width) {
      if (at >= source.length) return out;
      bits = ((bits << 8) | source[at++]!) & 0xfffff;
      held += 8;
    }
    held -= width;
    const code = (bits >>> held) & ((1 << width) - 1);
    if (code === 257) return out;
    if (code === 256) {
      next = 258;
      width = 9;
      beforeLength = 0;
      continue;
    }
    const start = out;
    let length = 1;
    if (code < 256) {
      if (out >= target.length) return out;
      target[out++] = code;
    } else {
      if (code > next || beforeLength === 0) return -1;
      let from = before;
      if (code === next) length = beforeLength + 1;
      else {
        from = starts[code]!;
        length = lengths[code]!;
      }
      const end = Math.min(out + length, target.length);
      // the string of the newest code overlaps what is being written: byte by byte, in order
      while (out < end) target[out++] = target[from++]!;
      if (out - start < length) return out;
    }
    if (beforeLength > 0 && next < 4096) {
      starts[next] = before;
      lengths[next] = beforeLength + 1;
      next++;
      if (next >= 511) width = next >= 2047 ? 12 : next >= 1023 ? 11 : 10;
    }
    before = start;
    beforeLength = length;
  }
}
