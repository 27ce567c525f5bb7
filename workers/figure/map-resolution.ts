import { colormapOf } from './colormaps.ts';
import type { Rect } from './drawing.ts';
import type { MapPanel } from './figure-model.ts';
import { enlarge, rasterize, resample, type RgbaImage } from './rasterize.ts';

/** Resolution of embedded images: at least `minDpi` by repeating pixels, at most `maxDpi` by averaging values. */
export interface RasterChoice {
  minDpi: number;
  maxDpi: number;
}

/** Repeats pixels up to the target resolution; averages values down to the highest one that can be seen. */
export function atResolution(panel: MapPanel, image: RgbaImage, rect: Rect, raster: RasterChoice): RgbaImage {
  const { width, height } = image;
  const most = (mm: number, size: number): number =>
    Math.min(size, Math.max(1, Math.ceil((mm / 25.4) * raster.maxDpi)));
  const outWidth = most(rect.width, width);
  const outHeight = most(rect.height, height);
  if (outWidth < width || outHeight < height) {
    const values = resample(panel.values, width, height, outWidth, outHeight);
    return rasterize(values, outWidth, outHeight, { limits: panel.limits, colormap: colormapOf(panel.colormap) });
  }
  return enlarge(image, enlargement(rect, image, raster.minDpi));
}

/** Whole number of times that pixels are repeated to reach a resolution; at most 2²⁴ pixels come of it. */
function enlargement(rect: Rect, image: RgbaImage, minDpi: number): number {
  const dpi = Math.min((image.width / rect.width) * 25.4, (image.height / rect.height) * 25.4);
  const most = Math.floor(4096 / Math.sqrt(image.width * image.height));
  return Math.max(1, Math.min(most, Math.ceil(minDpi / dpi - 1e-9)));
}
