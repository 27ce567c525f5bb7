import { corrupt } from '../file-bytes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { basename } from 'node:path';

/** A Huffman table of a JPEG stream: codes of up to 9 bits by look-up, longer ones by their length (T.81, annex F.2.2.3). */
export interface HuffmanTable {
  /** by the next 9 bits: length × 256 + symbol, 0 when the code is longer */
  quick: Uint16Array;
  /** largest code of each length, −1 when there is none */
  largest: Int32Array;
  /** what to add to a code of each length to get the index of its symbol */
  shift: Int32Array;
  symbols: Uint8Array;
}

export interface JpegComponent {
  id: number;
  horizontal: number;
  vertical: number;
  quantization: number;
  dc: number;
  ac: number;
}

/** What the segments before the pixels say. */
export interface JpegFrame {
  width: number;
  height: number;
  components: JpegComponent[];
  quantization: (Int32Array | undefined)[];
  dc: (HuffmanTable | undefined)[];
  ac: (HuffmanTable | undefined)[];
  restart: number;
  /** components of the scan, and the byte after its header */
  scan: { components: JpegComponent[]; at: number } | null;
}

/** Order in which the coefficients of a block are stored (T.81, figure 5). */
// prettier-ignore
export const zigzag = Uint8Array.of(
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55,
  62, 63,
);

function buildHuffman(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const quick = new Uint16Array(512);
  const largest = new Int32Array(17).fill(-1);
  const shift = new Int32Array(17);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    shift[length] = index - code;
    for (let i = 0; i < count; i++, code++, index++) {
      if (length > 9) continue;
      const first = code << (9 - length);
      for (let j = 0; j < 1 << (9 - length) && first + j < 512; j++) quick[first + j] = length * 256 + symbols[index]!;
    }
    if (count > 0) largest[length] = code - 1;
    code <<= 1;
  }
  return { quick, largest, shift, symbols };
}

export const emptyFrame = (): JpegFrame => ({
  width: 0,
  height: 0,
  components: [],
  quantization: [],
  dc: [],
  ac: [],
  restart: 0,
  scan: null,
});

/**
 * Reads the segments of a stream up to its first scan, or to its end; what they say is added to `frame`.
 * @throws EigenscopeError `corrupt-file`; `unsupported-format` for anything but baseline and extended Huffman coding of 8 bits
 */
export function readSegments(path: string, bytes: Uint8Array, frame: JpegFrame): void {
  const bad = (found: string): EigenscopeError => corrupt(path, `its JPEG data ${found}`, 'a whole JPEG was expected');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 2 <= bytes.length;) {
    if (bytes[at] !== 0xff) throw bad('lose their markers');
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    at += 2;
    if (marker === 0xd8 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    if (marker === 0xd9) return;
    if (at + 2 > bytes.length) throw bad('break off');
    const length = view.getUint16(at);
    const end = at + length;
    if (length < 2 || end > bytes.length) throw bad('break off');
    const body = bytes.subarray(at + 2, end);
    if (marker === 0xdb) readQuantization(body, frame, bad);
    else if (marker === 0xc4) readHuffman(body, frame, bad);
    else if (marker === 0xdd) frame.restart = body.length >= 2 ? body[0]! * 256 + body[1]! : 0;
    else if (marker === 0xc0 || marker === 0xc1) readFrame(body, frame, bad);
    else if (marker >= 0xc2 && marker <= 0xcf) {
      const kind = marker === 0xc2 ? 'progressive' : marker === 0xc3 ? 'lossless' : 'arithmetic or hierarchical';
      throw new EigenscopeError(
        'unsupported-format',
        `${basename(path)} holds a page in ${kind} JPEG, which cannot be read. Save it again uncompressed or with deflate.`,
      );
    } else if (marker === 0xda) {
      const count = body[0] ?? 0;
      if (count < 1 || body.length < 1 + 2 * count) throw bad('break off');
      const components = Array.from({ length: count }, (_, i) => {
        const found = frame.components.find(({ id }) => id === body[1 + 2 * i]);
        if (found === undefined) throw bad('name a colour that they do not have');
        found.dc = body[2 + 2 * i]! >> 4;
        found.ac = body[2 + 2 * i]! & 15;
        return found;
      });
      frame.scan = { components, at: end };
      return;
    }
    at = end;
  }
}

type Bad = (found: string) => EigenscopeError;

function readQuantization(body: Uint8Array, frame: JpegFrame, bad: Bad): void {
  for (let at = 0; at < body.length;) {
    const wide = body[at]! >> 4 > 0;
    const slot = body[at]! & 15;
    at++;
    if (slot > 3 || at + (wide ? 128 : 64) > body.length) throw bad('have a damaged table');
    const table = new Int32Array(64);
    for (let i = 0; i < 64; i++) {
      table[zigzag[i]!] = wide ? body[at]! * 256 + body[at + 1]! : body[at]!;
      at += wide ? 2 : 1;
    }
    frame.quantization[slot] = table;
  }
}

function readHuffman(body: Uint8Array, frame: JpegFrame, bad: Bad): void {
  for (let at = 0; at < body.length;) {
    const kind = body[at]! >> 4;
    const slot = body[at]! & 15;
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    at += 17;
    if (kind > 1 || slot > 3 || counts.length < 16 || total > 256 || at + total > body.length) {
      throw bad('have a damaged table');
    }
    (kind === 0 ? frame.dc : frame.ac)[slot] = buildHuffman(counts, body.slice(at, at + total));
    at += total;
  }
}

function readFrame(body: Uint8Array, frame: JpegFrame, bad: Bad): void {
  const [bits = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, count = 0] = body;
  if (bits !== 8 || count < 1 || count > 4 || body.length < 6 + 3 * count) {
    throw bad(`have ${bits} bits in ${count} colours`);
  }
  frame.height = h1 * 256 + h0;
  frame.width = w1 * 256 + w0;
  frame.components = Array.from({ length: count }, (_, i) => {
    const [id = 0, factors = 0, quantization = 0] = body.subarray(6 + 3 * i, 9 + 3 * i);
    const horizontal = factors >> 4;
    const vertical = factors & 15;
    if (![1, 2, 4].includes(horizontal) || ![1, 2, 4].includes(vertical)) throw bad('have odd sampling factors');
    return { id, horizontal, vertical, quantization, dc: 0, ac: 0 };
  });
}
