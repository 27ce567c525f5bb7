import type { DType } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import { openUnchanged, withFile } from '../file-bytes.ts';
import type { PixelSource } from '../pixel-source.ts';
import { openBytesPixels } from '../raw-pixels.ts';
import type { BcfImage } from './bcf-header.ts';
import { readHeaderOf } from './bcf-open.ts';

const types: Readonly<Record<number, DType>> = { 1: 'uint8', 2: 'uint16', 4: 'uint32' };
export const imageType = (image: BcfImage): DType => types[image.itemBytes]!;

/** Values of a picture, little-endian; null when there are fewer or more than its size says. */
export function decodeImage(image: BcfImage): Uint8Array | null {
  const bytes = Buffer.from(image.data, 'base64');
  if (bytes.length !== image.width * image.height * image.itemBytes) return null;
  // memory of its own: small ones share a pool, which cannot be handed to another thread
  return new Uint8Array(bytes);
}

/**
 * A picture of a BCF, which is text inside its header: read again when it is opened.
 * @throws EigenscopeError `file-changed`, `truncated-file`, `corrupt-file`, `file-not-found`, `not-readable`
 */
export function openImagePixels(layout: CodedLayout, signal: SignalHeader): PixelSource {
  openUnchanged(layout.path, layout.stamp).close();
  const index = Number(layout.about['image']);
  const image = withFile(layout.path, (bytes) => readHeaderOf(bytes)).header.images.filter(isWhole)[index];
  const bytes = image === undefined ? null : decodeImage(image);
  return openBytesPixels(bytes ?? new Uint8Array(0), signal);
}

/** Whether the picture has all its values, from the length of its text. */
export function isWhole({ data, width, height, itemBytes }: BcfImage): boolean {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return Math.floor((data.length - padding) * 0.75) === width * height * itemBytes;
}
