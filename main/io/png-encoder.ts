import { crc32 } from 'node:zlib';

/* PNG of greys and colours of 8 and 16 bits. W3C Portable Network Graphics (Third Edition). */

type Deflate = (bytes: Uint8Array) => Uint8Array;

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(Buffer.from(type, 'latin1'), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

interface Picture {
  width: number;
  height: number;
  depth: 8 | 16;
  /** 0 grey, 2 RGB, 6 RGBA */
  colourType: 0 | 2 | 6;
  /** bytes of one pixel */
  pixel: number;
}

/** @param samples rows one behind the other, 16-bit numbers with the high byte first */
function encode(
  samples: Uint8Array,
  { width, height, depth, colourType, pixel }: Picture,
  deflate: Deflate,
): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colourType, 0, 0, 0], 8);
  const stride = width * pixel;
  const body = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    const to = y * (stride + 1);
    // filter "up": neighbouring rows are alike
    body[to] = 2;
    for (let i = 0; i < stride; i++) {
      body[to + 1 + i] = samples[y * stride + i]! - (y > 0 ? samples[(y - 1) * stride + i]! : 0);
    }
  }
  const parts = [chunk('IHDR', header), chunk('IDAT', deflate(body)), chunk('IEND', new Uint8Array(0))];
  return Buffer.concat([signature, ...parts]);
}

/** A greyscale picture; 0 is black, the largest number of the type white. */
export function encodeGreyPng(
  greys: Uint8Array | Uint16Array,
  width: number,
  height: number,
  deflate: Deflate,
): Uint8Array {
  if (greys instanceof Uint8Array) return encode(greys, { width, height, depth: 8, colourType: 0, pixel: 1 }, deflate);
  const bytes = Buffer.from(greys.slice().buffer).swap16();
  return encode(bytes, { width, height, depth: 16, colourType: 0, pixel: 2 }, deflate);
}

/** A colour picture of interleaved red, green, blue (and alpha); 16-bit numbers with the high byte first. */
export function encodeColourPng(
  samples: Uint8Array,
  width: number,
  height: number,
  count: 3 | 4,
  depth: 8 | 16,
  deflate: Deflate,
): Uint8Array {
  const pixel = (count * depth) / 8;
  return encode(samples, { width, height, depth, colourType: count === 3 ? 2 : 6, pixel }, deflate);
}
