import { deflateSync } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { drawFigure } from '../figure/draw.ts';
import type { Figure } from '../figure/figure-model.ts';
import { encodePng } from '../figure/png.ts';
import type { RgbaImage } from '../figure/rasterize.ts';
import { toSvgText } from '../figure/svg.ts';
import { EigenscopeError } from '../model/errors.ts';
import { fontFiles } from './font-files.ts';

export interface RasterOptions {
  /** pixels per inch of the page, 36–2400; default 600 */
  dpi?: number;
  fontFolder?: string;
}

/** Largest page in pixels: 2²⁸, one GiB of RGBA. */
const MAX_PIXELS = 2 ** 28;

/** The figure as PNG (RGB, no alpha) with its physical size written in. */
export function figureToPng(figure: Figure, options: RasterOptions = {}): Uint8Array {
  const { dpi = 600 } = options;
  return encodePng(renderFigure(figure, options), { dpi, deflate: (bytes) => deflateSync(bytes, { level: 6 }) });
}

/**
 * The figure as pixels on white at a resolution; rounding to whole pixels changes the size by half a pixel at most.
 * Only our own fonts are used: the same picture on every PC. Throws `parameter-out-of-range` for the resolution.
 */
export function renderFigure(figure: Figure, options: RasterOptions = {}): RgbaImage {
  const { dpi = 600, fontFolder } = options;
  const width = Math.round((figure.widthMm / 25.4) * dpi);
  const height = Math.round((figure.heightMm / 25.4) * dpi);
  if (!(dpi >= 36 && dpi <= 2400) || width * height > MAX_PIXELS) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `A figure of ${figure.widthMm} × ${figure.heightMm} mm at ${dpi} dpi would have ${width} × ${height} pixels; ` +
        `36 to 2400 dpi and at most ${MAX_PIXELS} pixels are possible. Choose a lower resolution.`,
      { dpi, width, height },
    );
  }
  // maps finer than the page are averaged, not sampled; coarser ones are repeated to just above it
  const drawing = drawFigure(figure, { minDpi: dpi, maxDpi: dpi });
  const svg = toSvgText(drawing, { deflate: (bytes) => deflateSync(bytes, { level: 1 }) });
  const fonts = fontFiles(fontFolder);
  const rendered = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'width', value: width },
    font: { fontFiles: [fonts.regular, fonts.bold], loadSystemFonts: false, defaultFontFamily: 'Arimo' },
    imageRendering: 1,
    shapeRendering: 2,
    textRendering: 1,
  }).render();
  return { width: rendered.width, height: rendered.height, data: new Uint8ClampedArray(rendered.pixels) };
}
