import { deflateSync } from 'node:zlib';
import { componentsOf } from '../../../workers/readers/elements.ts';
import { isColour } from '../../../workers/model/dtype.ts';
import { EigenscopeError } from '../../../workers/model/errors.ts';
import { encodeGreyPng, encodeColourPng } from '../png-encoder.ts';
import { writeAtomically } from '../atomic-write.ts';
import { writeFully } from '../write-fully.ts';
import { numbersOf } from './element-change.ts';
import { watchExtremes } from './extremes.ts';
import { pagesOf } from './pages.ts';
import type { WriteSignal } from './signal-to-write.ts';
import { wholeElements } from './write-in-order.ts';

/** A picture is made in memory. */
const mostPixels = 2 ** 28;

/** Values as 16-bit greys from the smallest (black) to the largest (white) finite one; what is not a number is black. */
export function greysOf(numbers: Float64Array, low: number, high: number): Uint16Array {
  const factor = high > low ? 65_535 / (high - low) : 0;
  return Uint16Array.from(numbers, (value) => {
    const grey = (value - low) * factor;
    return grey >= 65_535 ? 65_535 : grey > 0 ? Math.round(grey) : 0;
  });
}

/**
 * Writes one image as a greyscale picture: bytes and 16-bit numbers as they are, other types spread over 16 bits;
 * colours as colours.
 * @throws EigenscopeError `parameter-out-of-range` for an image too large for a picture, `exists`, `disk-full`, `not-writable`
 */
export const writePng: WriteSignal = async (path, signal, options) => {
  const { row, column } = pagesOf(signal);
  const { dtype } = signal;
  const pixels = row.size * column.size;
  if (pixels > mostPixels) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `An image of ${column.size} × ${row.size} pixels is too large for a picture. Save it as .tif, or rebin it.`,
      { path, pixels },
    );
  }
  const parts: Uint8Array[] = [];
  for await (const piece of wholeElements(path, signal)) parts.push(piece.slice());
  const bytes = Buffer.concat(parts);
  const notes: string[] = [];
  let png: Uint8Array;
  if (isColour(dtype)) {
    const part = componentsOf(dtype);
    const samples = part.dtype === 'uint8' ? bytes : bytes.swap16();
    png = encodeColourPng(
      samples,
      column.size,
      row.size,
      part.count as 3 | 4,
      part.dtype === 'uint8' ? 8 : 16,
      deflateSync,
    );
  } else {
    const numbers = numbersOf(bytes, dtype);
    if (dtype === 'uint8') {
      png = encodeGreyPng(Uint8Array.from(numbers), column.size, row.size, deflateSync);
    } else {
      const extremes = watchExtremes(dtype);
      extremes.observe(bytes);
      const [low, high] = dtype === 'uint16' ? [0, 65_535] : (extremes.range() ?? [0, 0]);
      if (dtype !== 'uint16') notes.push(`A picture holds greys: black is ${low}, white is ${high}.`);
      png = encodeGreyPng(greysOf(numbers, low, high), column.size, row.size, deflateSync);
    }
  }
  await writeAtomically(path, options, (file) => writeFully(file, png));
  return { files: [path], notes };
};
