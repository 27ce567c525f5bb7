import { isPatternPixel, type Rgb } from './categories.ts';

/** How one label is drawn. */
export interface LabelLook {
  rgb: Rgb;
  /** of categories.ts */
  pattern: number;
  /** drawn in the neutral colour */
  isHidden: boolean;
}

export interface LabelImage {
  /** height × width in rows from the top; without a look (masked, noise) nothing is drawn */
  labels: ArrayLike<number>;
  width: number;
  height: number;
  looks: ReadonlyMap<number, LabelLook>;
  neutral: Rgb;
  /** what shows through where a pixel is faded */
  ground: Rgb;
  /** 1 = in full colour, 0 = faded, one per pixel; null = all in full */
  lit: ArrayLike<number> | null;
}

/** How much of its colour keeps what is not lit. */
const FADED = 0.24;

/** The image as RGBA bytes; transparent where a pixel has no label. */
export function rasterizeLabels(image: LabelImage): Uint8ClampedArray<ArrayBuffer> {
  const { labels, width, height, looks, neutral, ground, lit } = image;
  const out = new Uint8ClampedArray(4 * width * height);
  for (let row = 0, p = 0; row < height; row++) {
    for (let column = 0; column < width; column++, p++) {
      const look = looks.get(labels[p] as number);
      if (look === undefined) continue;
      const [r, g, b] = look.isHidden ? neutral : look.rgb;
      const light = !look.isHidden && isPatternPixel(look.pattern, column, row) ? 0.6 : 0;
      const keeps = lit !== null && lit[p] !== 1 ? FADED : 1;
      out[4 * p] = ground[0] + keeps * (r + light * (255 - r) - ground[0]);
      out[4 * p + 1] = ground[1] + keeps * (g + light * (255 - g) - ground[1]);
      out[4 * p + 2] = ground[2] + keeps * (b + light * (255 - b) - ground[2]);
      out[4 * p + 3] = 255;
    }
  }
  return out;
}

/** The same on a canvas of one pixel per data pixel. */
export function paintLabels(image: LabelImage): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(new ImageData(rasterizeLabels(image), image.width, image.height), 0, 0);
  return canvas;
}

/** A picture of one canvas pixel per data pixel, faded where it is not lit. */
export function veil(picture: HTMLCanvasElement, lit: ArrayLike<number>, ground: Rgb): HTMLCanvasElement {
  const context = picture.getContext('2d');
  if (context === null || lit.length !== picture.width * picture.height) return picture;
  const image = context.getImageData(0, 0, picture.width, picture.height);
  const { data } = image;
  for (let p = 0; p < lit.length; p++) {
    if (lit[p] === 1 || data[4 * p + 3] === 0) continue;
    for (let c = 0; c < 3; c++) {
      const under = ground[c] as number;
      data[4 * p + c] = under + FADED * ((data[4 * p + c] as number) - under);
    }
  }
  context.putImageData(image, 0, 0);
  return picture;
}
