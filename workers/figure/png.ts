import type { RgbaImage } from './rasterize.ts';

/** zlib-wrapped deflate (RFC 1950): node's `deflateSync` where there is one. */
export type Deflate = (bytes: Uint8Array) => Uint8Array;

export interface PngOptions {
  deflate?: Deflate;
  /** physical size, written as pHYs */
  dpi?: number;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Filter type "up": rows of figures are mostly equal to the row above. */
const FILTER_UP = 2;

/**
 * PNG of an image, without loss: palette where 256 colours suffice (maps always do), else RGB, else RGBA.
 * W3C Portable Network Graphics (Third Edition).
 */
export function encodePng(image: RgbaImage, options: PngOptions = {}): Uint8Array {
  const deflate = options.deflate ?? storeDeflate;
  const { body, colourType, palette } = pack(image);
  const chunks = [chunk('IHDR', header(image, colourType))];
  if (options.dpi !== undefined) chunks.push(chunk('pHYs', physicalSize(options.dpi)));
  if (palette !== null) {
    chunks.push(chunk('PLTE', palette.colours));
    if (palette.alphas.some((a) => a !== 255)) chunks.push(chunk('tRNS', palette.alphas));
  }
  chunks.push(chunk('IDAT', deflate(body)), chunk('IEND', new Uint8Array(0)));
  return concatenate([Uint8Array.from(SIGNATURE), ...chunks]);
}

interface Packed {
  /** filter byte and bytes of every row */
  body: Uint8Array;
  colourType: 2 | 3 | 6;
  palette: { colours: Uint8Array; alphas: Uint8Array } | null;
}

function pack(image: RgbaImage): Packed {
  const indexed = packIndexed(image);
  if (indexed !== null) return indexed;
  const { width, height, data } = image;
  let isOpaque = true;
  for (let i = 3; i < data.length && isOpaque; i += 4) isOpaque = data[i] === 255;
  const channels = isOpaque ? 3 : 4;
  const stride = width * channels + 1;
  const body = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    body[y * stride] = FILTER_UP;
    for (let x = 0; x < width; x++) {
      const from = 4 * (y * width + x);
      const to = y * stride + 1 + x * channels;
      for (let c = 0; c < channels; c++) {
        const above = y > 0 ? (data[from - 4 * width + c] as number) : 0;
        body[to + c] = (data[from + c] as number) - above;
      }
    }
  }
  return { body, colourType: isOpaque ? 2 : 6, palette: null };
}

function packIndexed({ width, height, data }: RgbaImage): Packed | null {
  const entries = new Map<number, number>();
  const body = new Uint8Array(height * (width + 1));
  // enlarged maps repeat their pixels: most keys are those of the pixel before
  let lastKey = -1;
  let lastEntry = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const key =
        (((data[at] as number) << 24) |
          ((data[at + 1] as number) << 16) |
          ((data[at + 2] as number) << 8) |
          (data[at + 3] as number)) >>>
        0;
      if (key !== lastKey) {
        let entry = entries.get(key);
        if (entry === undefined) {
          if (entries.size === 256) return null;
          entry = entries.size;
          entries.set(key, entry);
        }
        lastKey = key;
        lastEntry = entry;
      }
      body[y * (width + 1) + 1 + x] = lastEntry;
    }
  }
  const keys = [...entries.keys()];
  const colours = Uint8Array.from(keys.flatMap((k) => [k >>> 24, (k >>> 16) & 255, (k >>> 8) & 255]));
  return { body, colourType: 3, palette: { colours, alphas: Uint8Array.from(keys, (k) => k & 255) } };
}

function header(image: RgbaImage, colourType: number): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  bytes.set([8, colourType, 0, 0, 0], 8);
  return bytes;
}

function physicalSize(dpi: number): Uint8Array {
  const bytes = new Uint8Array(9);
  const view = new DataView(bytes.buffer);
  const perMetre = Math.round(dpi / 0.0254);
  view.setUint32(0, perMetre);
  view.setUint32(4, perMetre);
  bytes[8] = 1;
  return bytes;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Deflate without compressing: stored blocks of up to 65 535 bytes (RFC 1951, 3.2.4) and the Adler checksum. */
export function storeDeflate(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / 65535));
  const out = new Uint8Array(2 + bytes.length + 5 * blocks + 4);
  out.set([0x78, 0x01]);
  let at = 2;
  for (let b = 0; b < blocks; b++) {
    const piece = bytes.subarray(b * 65535, (b + 1) * 65535);
    const size = piece.length;
    out.set([b === blocks - 1 ? 1 : 0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255], at);
    out.set(piece, at + 5);
    at += 5 + size;
  }
  new DataView(out.buffer).setUint32(at, adler32(bytes));
  return out;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let i = 0; i < bytes.length;) {
    // 5552 is the longest run that cannot overflow 32 bits
    const end = Math.min(bytes.length, i + 5552);
    for (; i < end; i++) {
      a += bytes[i] as number;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
