import { EigenscopeError } from '../model/errors.ts';
import type { Colormap } from './colormaps.ts';
import type { Limits } from './contrast.ts';

/** Pixels in rows from the top, 4 bytes each: red, green, blue, alpha (not premultiplied). */
export interface RgbaImage {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];
export const TRANSPARENT: Rgba = [0, 0, 0, 0];

export interface RasterizeOptions {
  limits: Limits;
  colormap: Colormap;
  /** colour of NaN (left-out pixels): transparent by default, so that a hatch drawn beneath shows through */
  missing?: Rgba;
}

/** Largest map that is turned into one image: 2²⁸ pixels, one GiB of RGBA. */
const MAX_PIXELS = 2 ** 28;

/** Entry 0–255 of a colour map for a value; limits may be reversed, values outside get the end colours. */
export function colourIndex(value: number, limits: Limits): number {
  const t = (value - limits.min) / (limits.max - limits.min);
  // equal limits divide by zero: everything is in the middle
  if (Number.isNaN(t)) return 128;
  return Math.min(255, Math.max(0, Math.floor(t * 256)));
}

/**
 * Colours a map. `values` is width × height in rows from the top; NaN becomes `missing`, ±∞ the end colours.
 * Throws `shape-mismatch` when the sizes disagree.
 */
export function rasterize(
  values: ArrayLike<number>,
  width: number,
  height: number,
  options: RasterizeOptions,
): RgbaImage {
  checkSize(values, width, height);
  const { limits, colormap } = options;
  const missing = options.missing ?? TRANSPARENT;
  const data = new Uint8ClampedArray(width * height * 4);
  const { rgb } = colormap;
  for (let i = 0; i < width * height; i++) {
    const value = values[i] as number;
    const at = 4 * i;
    if (Number.isNaN(value)) {
      data.set(missing, at);
      continue;
    }
    const entry = 3 * colourIndex(value, limits);
    data[at] = rgb[entry] as number;
    data[at + 1] = rgb[entry + 1] as number;
    data[at + 2] = rgb[entry + 2] as number;
    data[at + 3] = 255;
  }
  return { width, height, data };
}

/**
 * Resamples values (not colours) to another grid: nearest neighbour along an axis that is enlarged, area-weighted
 * mean along one that is reduced. NaN is left out of the means and stays where nothing else is under a pixel.
 */
export function resample(
  values: ArrayLike<number>,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
): Float64Array {
  checkSize(values, width, height);
  checkSides(outWidth, outHeight);
  const columns = spans(width, outWidth);
  const rows = spans(height, outHeight);
  const out = new Float64Array(outWidth * outHeight);
  for (let y = 0; y < outHeight; y++) {
    const row = rows[y] as Span;
    for (let x = 0; x < outWidth; x++) {
      out[y * outWidth + x] = meanUnder(values, width, columns[x] as Span, row);
    }
  }
  return out;
}

/** Source indices under one output pixel, and how much of each. */
interface Span {
  first: number;
  weights: readonly number[];
}

function spans(size: number, outSize: number): Span[] {
  return Array.from({ length: outSize }, (_, i) => {
    if (outSize >= size) return { first: Math.min(size - 1, Math.floor(((i + 0.5) * size) / outSize)), weights: [1] };
    const from = (i * size) / outSize;
    const to = ((i + 1) * size) / outSize;
    const first = Math.floor(from + 1e-9);
    const last = Math.min(size - 1, Math.ceil(to - 1e-9) - 1);
    const weights: number[] = [];
    for (let j = first; j <= last; j++) weights.push(Math.min(to, j + 1) - Math.max(from, j));
    return { first, weights };
  });
}

function meanUnder(values: ArrayLike<number>, width: number, column: Span, row: Span): number {
  let sum = 0;
  let weight = 0;
  for (let j = 0; j < row.weights.length; j++) {
    for (let i = 0; i < column.weights.length; i++) {
      const value = values[(row.first + j) * width + column.first + i] as number;
      if (Number.isNaN(value)) continue;
      const w = (row.weights[j] as number) * (column.weights[i] as number);
      sum += w * value;
      weight += w;
    }
  }
  return weight > 0 ? sum / weight : NaN;
}

/** Repeats every pixel `times` × `times`: the same picture at a higher resolution, without loss. */
export function enlarge(image: RgbaImage, times: number): RgbaImage {
  if (times <= 1) return image;
  const width = image.width * times;
  const height = image.height * times;
  checkSides(width, height);
  const source = new Uint32Array(image.data.buffer, image.data.byteOffset, image.width * image.height);
  const out = new Uint32Array(width * height);
  for (let y = 0; y < image.height; y++) {
    const start = y * times * width;
    for (let x = 0; x < image.width; x++) {
      out.fill(source[y * image.width + x] as number, start + x * times, start + (x + 1) * times);
    }
    for (let r = 1; r < times; r++) out.copyWithin(start + r * width, start, start + width);
  }
  return { width, height, data: new Uint8ClampedArray(out.buffer) };
}

function checkSize(values: ArrayLike<number>, width: number, height: number): void {
  checkSides(width, height);
  if (values.length !== width * height) {
    throw new EigenscopeError(
      'shape-mismatch',
      `The map has ${values.length} values, but ${width} × ${height} pixels need ${width * height}. ` +
        'Check that the loadings belong to this data set.',
      { values: values.length, width, height },
    );
  }
}

function checkSides(width: number, height: number): void {
  const isWhole = Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1;
  if (isWhole && width * height <= MAX_PIXELS) return;
  throw new EigenscopeError(
    'shape-mismatch',
    `A map of ${width} × ${height} pixels cannot be drawn: both sides must be whole numbers from 1, ` +
      `and the product at most ${MAX_PIXELS}. Choose a smaller area or a lower resolution.`,
    { width, height },
  );
}
