import { colormapOf } from '../../workers/figure/colormaps.ts';
import type { Limits } from '../../workers/figure/contrast.ts';
import { rasterize, resample } from '../../workers/figure/rasterize.ts';
import { rowHeight, type ImageSize, type MapView } from './map-view.ts';

export interface MapPicture {
  /** height × width in rows from the top; NaN = no value */
  values: ArrayLike<number>;
  width: number;
  height: number;
  limits: Limits;
  colormap: string;
  /** true (not 0) = left out: faded, so that the hatching beneath shows */
  mask: ArrayLike<number> | null;
}

/** A picture that lies over a map, one canvas pixel per data pixel: a new object whenever its canvas was painted again. */
export interface Layer {
  canvas: HTMLCanvasElement;
}

/** The image at one canvas pixel per data pixel, or averaged down to `pixelSize` canvas pixels per data pixel when smaller than one. */
export function paintPicture(picture: MapPicture, pixelSize: number): HTMLCanvasElement {
  const { values, width, height, limits, colormap, mask } = picture;
  const isReduced = pixelSize < 1;
  const w = isReduced ? Math.max(1, Math.round(width * pixelSize)) : width;
  const h = isReduced ? Math.max(1, Math.round(height * pixelSize)) : height;
  const shown = isReduced ? resample(values, width, height, w, h) : values;
  const image = rasterize(shown, w, h, { limits, colormap: colormapOf(colormap) });
  if (mask !== null) {
    for (let y = 0; y < h; y++) {
      const row = Math.min(height - 1, Math.floor(((y + 0.5) * height) / h)) * width;
      for (let x = 0; x < w; x++) {
        if (mask[row + Math.min(width - 1, Math.floor(((x + 0.5) * width) / w))]) image.data[4 * (y * w + x) + 3] = 60;
      }
    }
  }
  const canvas = document.createElement('canvas');
  canvas.width = w;
  canvas.height = h;
  const data = new ImageData(w, h);
  data.data.set(image.data);
  canvas.getContext('2d')?.putImageData(data, 0, 0);
  return canvas;
}

/** Where an image of this size lies in a view, in canvas pixels. */
const placeInView = (size: ImageSize, view: MapView, density: number) => ({
  x: view.x * density,
  y: view.y * density,
  width: size.width * view.pixel * density,
  height: size.height * rowHeight(view, size) * density,
});

/** Draws a picture as a view shows it. `density` = canvas pixels per screen pixel. */
export function drawView(
  canvas: HTMLCanvasElement,
  picture: HTMLCanvasElement,
  size: ImageSize,
  view: MapView,
  density: number,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  const { x, y, width, height } = placeInView(size, view, density);
  context.drawImage(picture, x, y, width, height);
}

/** Draws a layer over the picture in the same view; single pixels of it do not vanish when it is reduced. */
export function drawLayer(
  canvas: HTMLCanvasElement,
  layer: HTMLCanvasElement,
  size: ImageSize,
  view: MapView,
  density: number,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { x, y, width, height } = placeInView(size, view, density);
  context.imageSmoothingEnabled = width < size.width || height < size.height;
  context.drawImage(layer, x, y, width, height);
}
