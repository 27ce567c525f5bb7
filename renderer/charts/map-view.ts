/**
 * Which part of an image is shown in a frame: `pixel` screen pixels per data pixel, and where the image's corner
 * stands in the frame. Pure; lengths in screen pixels.
 */
export interface MapView {
  /** width of a data pixel; its height is that times the image's `aspect` */
  pixel: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** In data pixels. */
export interface ImageSize extends Size {
  /** height of a data pixel against its width; 1 = square */
  aspect?: number;
}

/** Screen pixels per row. */
export const rowHeight = (view: MapView, image: ImageSize): number => view.pixel * (image.aspect ?? 1);

/** The whole image, as large as fits, in the middle. */
export function fitView(image: ImageSize, frame: Size): MapView {
  const rows = image.height * (image.aspect ?? 1);
  const pixel = Math.max(1e-6, Math.min(frame.width / image.width, frame.height / rows));
  return { pixel, x: (frame.width - image.width * pixel) / 2, y: (frame.height - rows * pixel) / 2 };
}

/** Zooms about a point of the frame; never smaller than the whole image, never larger than 64 screen pixels per pixel (or fit). */
export function zoomView(
  view: MapView,
  factor: number,
  at: { x: number; y: number },
  image: ImageSize,
  frame: Size,
): MapView {
  const fit = fitView(image, frame);
  const pixel = Math.min(Math.max(view.pixel * factor, fit.pixel), Math.max(64, fit.pixel));
  const ratio = pixel / view.pixel;
  return boundView({ pixel, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, image, frame);
}

/** Moved so that no empty border shows where the image is larger than the frame; centred where it is smaller. */
export function boundView(view: MapView, image: ImageSize, frame: Size): MapView {
  const along = (offset: number, extent: number, room: number): number =>
    extent <= room ? (room - extent) / 2 : Math.min(0, Math.max(room - extent, offset));
  return {
    pixel: view.pixel,
    x: along(view.x, image.width * view.pixel, frame.width),
    y: along(view.y, image.height * rowHeight(view, image), frame.height),
  };
}

/** Row and column under a point of the frame, held inside the image. */
export function pixelAt(
  view: MapView,
  point: { x: number; y: number },
  image: ImageSize,
): [row: number, column: number] {
  const inside = (v: number, size: number): number => Math.min(size - 1, Math.max(0, Math.floor(v)));
  return [
    inside((point.y - view.y) / rowHeight(view, image), image.height),
    inside((point.x - view.x) / view.pixel, image.width),
  ];
}

/** Moves the view so that a pixel is in sight. */
export function revealPixel(
  view: MapView,
  [row, column]: readonly [number, number],
  image: ImageSize,
  frame: Size,
): MapView {
  const shift = (offset: number, at: number, size: number, room: number): number => {
    const start = offset + at * size;
    if (start < 0) return offset - start;
    const over = start + size - room;
    return over > 0 ? offset - over : offset;
  };
  const next = {
    pixel: view.pixel,
    x: shift(view.x, column, view.pixel, frame.width),
    y: shift(view.y, row, rowHeight(view, image), frame.height),
  };
  return boundView(next, image, frame);
}
