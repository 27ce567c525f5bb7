import { deflateSync } from 'node:zlib';
import type { Figure } from '../figure/figure-model.ts';
import type { RgbaImage } from '../figure/rasterize.ts';
import { renderFigure, type RasterOptions } from './to-png.ts';

/** The figure as baseline TIFF: RGB, 8 bits, Deflate, physical size written in. */
export function figureToTiff(figure: Figure, options: RasterOptions = {}): Uint8Array {
  return encodeTiff(renderFigure(figure, options), options.dpi ?? 600);
}

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
/** Compression 8: zlib, as Photoshop and libtiff read it. */
const DEFLATE = 8;

/** TIFF 6.0 with one little-endian directory and one strip; opaque, alpha is dropped. */
export function encodeTiff(image: RgbaImage, dpi: number): Uint8Array {
  const rgb = new Uint8Array(image.width * image.height * 3);
  for (let i = 0; i < image.width * image.height; i++) {
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = image.data[4 * i + c] as number;
  }
  const strip = deflateSync(rgb, { level: 6 });
  const bitsAt = 8 + strip.length + (strip.length % 2);
  const resolutionAt = bitsAt + 6;
  const directoryAt = resolutionAt + 8;
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, LONG, 1, image.width],
    [257, LONG, 1, image.height],
    [258, SHORT, 3, bitsAt],
    [259, SHORT, 1, DEFLATE],
    [262, SHORT, 1, 2],
    [273, LONG, 1, 8],
    [277, SHORT, 1, 3],
    [278, LONG, 1, image.height],
    [279, LONG, 1, strip.length],
    [282, RATIONAL, 1, resolutionAt],
    [283, RATIONAL, 1, resolutionAt],
    [284, SHORT, 1, 1],
    [296, SHORT, 1, 2],
  ];
  const out = new Uint8Array(directoryAt + 2 + 12 * entries.length + 4);
  const view = new DataView(out.buffer);
  out.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directoryAt, true);
  out.set(strip, 8);
  for (let c = 0; c < 3; c++) view.setUint16(bitsAt + 2 * c, 8, true);
  // thousandths of a dot per inch keep fractional resolutions
  view.setUint32(resolutionAt, Math.round(dpi * 1000), true);
  view.setUint32(resolutionAt + 4, 1000, true);
  view.setUint16(directoryAt, entries.length, true);
  entries.forEach(([tag, type, count, value], i) => {
    const at = directoryAt + 2 + 12 * i;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  });
  return out;
}
