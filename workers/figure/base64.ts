const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Two characters for every 12 bits: half the work of one for every 6. */
const PAIRS = Array.from({ length: 4096 }, (_, i) => ALPHABET.charAt(i >> 6) + ALPHABET.charAt(i & 63));

/** Base64 of bytes (RFC 4648), without the help of a browser or of Node. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // pieces of whole triples, so that padding occurs only at the end
  for (let start = 0; start < bytes.length; start += 12288)
    parts.push(encodePiece(bytes.subarray(start, start + 12288)));
  return parts.join('');
}

function encodePiece(bytes: Uint8Array): string {
  let out = '';
  const whole = bytes.length - (bytes.length % 3);
  for (let i = 0; i < whole; i += 3) {
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    out += (PAIRS[word >> 12] as string) + (PAIRS[word & 4095] as string);
  }
  if (bytes.length - whole === 1) out += `${PAIRS[(bytes[whole] as number) << 4] as string}==`;
  if (bytes.length - whole === 2) {
    const word = ((bytes[whole] as number) << 16) | ((bytes[whole + 1] as number) << 8);
    out += `${PAIRS[word >> 12] as string}${ALPHABET.charAt((word >> 6) & 63)}=`;
  }
  return out;
}
