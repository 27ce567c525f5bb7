const reversed = Uint8Array.from({ length: 256 }, (_, byte) => {
  let out = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) out |= 128 >> bit;
  return out;
});

/** Turns the order of the bits of every byte around, in place. */
export function reverseBits(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = reversed[bytes[i]!]!;
}

/**
 * Numbers of any width up to 32 bits, highest bit first, rows beginning on a byte, as numbers of 1, 2 or 4 bytes in
 * native order. Widths of whole bytes follow the byte order of the file instead.
 */
export function unpackBits(
  bytes: Uint8Array,
  bits: number,
  perRow: number,
  rows: number,
  numberBytes: number,
  littleEndian: boolean,
): Uint8Array {
  const out = new Uint8Array(perRow * rows * numberBytes);
  const numbers =
    numberBytes === 1 ? out : numberBytes === 2 ? new Uint16Array(out.buffer) : new Uint32Array(out.buffer);
  const rowBytes = Math.ceil((perRow * bits) / 8);
  for (let row = 0; row < rows; row++) {
    let at = row * rowBytes;
    if (bits === 24) {
      for (let i = 0; i < perRow; i++, at += 3) {
        const [a, b, c] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
        numbers[row * perRow + i] = littleEndian ? a | (b << 8) | (c << 16) : (a << 16) | (b << 8) | c;
      }
      continue;
    }
    let held = 0;
    let bag = 0;
    for (let i = 0; i < perRow; i++) {
      let value = 0;
      for (let need = bits; need > 0;) {
        if (held === 0) {
          bag = bytes[at++]!;
          held = 8;
        }
        const take = Math.min(need, held);
        value = value * 2 ** take + ((bag >> (held - take)) & ((1 << take) - 1));
        held -= take;
        need -= take;
      }
      numbers[row * perRow + i] = value;
    }
  }
  return out;
}
