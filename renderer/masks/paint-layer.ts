import type { Rgb } from '../charts/categories.ts';
import type { Layer } from '../charts/paint-map.ts';

/** How much of the colour covers what lies beneath. */
const alpha = 0.55;

/** Red, green, blue and alpha as the four bytes of a number in this machine's order. */
export function pixelWord([red, green, blue]: Rgb, opacity: number): number {
  return new Uint32Array(Uint8Array.of(red, green, blue, Math.round(255 * opacity)).buffer)[0] as number;
}

/** Makes layers of sets of pixels (1 = in the set) one after the other, all of one size on the same canvas. */
export function createLayers(): (set: ArrayLike<number>, width: number, height: number, colour: Rgb) => Layer | null {
  const canvas = document.createElement('canvas');
  let image: ImageData | null = null;
  return (set, width, height, colour) => {
    const context = canvas.getContext('2d');
    if (context === null || set.length !== width * height || set.length === 0) return null;
    if (image === null || image.width !== width || image.height !== height) {
      canvas.width = width;
      canvas.height = height;
      image = new ImageData(width, height);
    }
    const words = new Uint32Array(image.data.buffer);
    const word = pixelWord(colour, alpha);
    for (let p = 0; p < set.length; p++) words[p] = set[p] === 1 ? word : 0;
    context.putImageData(image, 0, 0);
    return { canvas };
  };
}
