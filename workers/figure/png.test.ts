import { inflateSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toBase64 } from './base64.ts';
import { encodePng, storeDeflate } from './png.ts';

const noise = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 2654435761) >>> 13);

describe('storeDeflate', () => {
  it.each([0, 1, 65535, 65536, 200000])('is valid zlib for %d bytes', (n) => {
    expect(Buffer.from(inflateSync(storeDeflate(noise(n)))).equals(Buffer.from(noise(n)))).toBe(true);
  });
});

describe('toBase64', () => {
  it.each([0, 1, 2, 3, 12287, 12288, 12289, 40000])('agrees with Node for %d bytes', (n) => {
    expect(toBase64(noise(n))).toBe(Buffer.from(noise(n)).toString('base64'));
  });
});

interface Chunk {
  type: string;
  data: Buffer;
}
function chunksOf(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
  const chunks: Chunk[] = [];
  for (let at = 8; at < bytes.length;) {
    const size = bytes.readUInt32BE(at);
    chunks.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + size) });
    at += 12 + size;
  }
  return chunks;
}
const find = (chunks: Chunk[], type: string): Buffer => chunks.find((c) => c.type === type)?.data ?? Buffer.alloc(0);

describe('encodePng', () => {
  const image = {
    width: 2,
    height: 2,
    data: Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255, 0, 0, 0, 0, 1, 2, 3, 255),
  };
  it('writes few colours as a palette, transparency included', () => {
    const chunks = chunksOf(encodePng(image));
    expect(chunks.map((c) => c.type)).toEqual(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
    expect([...find(chunks, 'PLTE')]).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 0]);
    expect([...find(chunks, 'tRNS')]).toEqual([255, 255, 0]);
    expect([...inflateSync(find(chunks, 'IDAT'))]).toEqual([0, 0, 1, 0, 2, 0]);
  });
  it('writes 300 dpi as 11811 pixels per metre', () => {
    const phys = find(chunksOf(encodePng(image, { dpi: 300 })), 'pHYs');
    expect([phys.readUInt32BE(0), phys.readUInt32BE(4), phys[8]]).toEqual([11811, 11811, 1]);
  });
  it('writes more than 256 colours as RGB that undoes its filter', () => {
    const data = new Uint8ClampedArray(1600);
    for (let p = 0; p < 400; p++) data.set([(p % 20) * 12, Math.floor(p / 20) * 12, (p * 7) % 256, 255], 4 * p);
    const chunks = chunksOf(encodePng({ width: 20, height: 20, data }, { deflate: (b) => deflateSync(b) }));
    expect(find(chunks, 'IHDR')[9]).toBe(2);
    const rows = inflateSync(find(chunks, 'IDAT'));
    const out: number[] = [];
    for (let y = 0; y < 20; y++) {
      expect(rows[y * 61]).toBe(2);
      for (let x = 0; x < 60; x++)
        out.push(((rows[y * 61 + 1 + x] as number) + (y > 0 ? (out[(y - 1) * 60 + x] as number) : 0)) & 255);
    }
    expect(out).toEqual([...data].filter((_, i) => i % 4 !== 3));
  });
  it('carries right checksums', () => {
    // IEND has no data: its CRC is the published constant AE 42 60 82
    expect([...encodePng(image).slice(-4)]).toEqual([0xae, 0x42, 0x60, 0x82]);
  });
});
