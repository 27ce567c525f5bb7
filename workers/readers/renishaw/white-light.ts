import { basename } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout } from '../codecs.ts';
import type { FileBytes } from '../file-bytes.ts';
import { checkUnchanged, latin1, openFile } from '../file-bytes.ts';
import type { PixelSource } from '../pixel-source.ts';
import { readFrom, readThrough } from '../read-block.ts';
import { decodeJpeg } from '../tiff/jpeg.ts';
import { jpegSegments, parseFrame } from './jpeg-frame.ts';
import type { WdfBlock } from './wdf-blocks.ts';

/** A picture of a camera of a microscope; more is not one. */
const longestPicture = 64 * 2 ** 20;

interface Field {
  /** µm */
  origin: readonly [x: number, y: number];
  size: readonly [width: number, height: number];
}

/** Where the picture was taken: two pairs of fractions under tags of Renishaw's in the Exif of the picture. */
function fieldOfView(body: Uint8Array): Field | null {
  if (!latin1(body.subarray(0, 6)).startsWith('Exif')) return null;
  const view = new DataView(body.buffer, body.byteOffset + 6, body.length - 6);
  if (view.byteLength < 8) return null;
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return null;
  const pairs = new Map<number, readonly [number, number]>();
  for (let i = 0; i < view.getUint16(directory, little); i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > view.byteLength) break;
    const where = view.getUint32(at + 8, little);
    if (view.getUint32(at + 4, little) !== 2 || where + 16 > view.byteLength) continue;
    const fraction = (from: number): number => view.getInt32(from, little) / view.getInt32(from + 4, little);
    pairs.set(view.getUint16(at, little), [fraction(where), fraction(where + 8)]);
  }
  const origin = pairs.get(0xfea0);
  const size = pairs.get(0xfea1);
  if (origin === undefined || size === undefined) return null;
  return [...origin, ...size].every(Number.isFinite) && size[0] > 0 && size[1] > 0 ? { origin, size } : null;
}

function axis(name: string, size: number, origin: number | undefined, length: number | undefined): Axis {
  const isKnown = origin !== undefined && length !== undefined;
  return {
    name,
    units: isKnown ? 'µm' : null,
    size,
    navigate: false,
    scale: isKnown ? length / size : 1,
    offset: isKnown ? origin : 0,
  };
}

/**
 * The picture of the sample as a signal of its own, or why it cannot be shown.
 * @throws EigenscopeError `truncated-file`, `corrupt-file`
 */
export function whiteLightImage(file: FileBytes, block: WdfBlock): SignalHeader | string {
  if (block.size > longestPicture || block.size < 4)
    return `The picture of the sample (${block.size} bytes) is left out.`;
  const bytes = new Uint8Array(block.size);
  file.readInto(bytes, block.position);
  let field: Field | null = null;
  for (const { marker, body } of jpegSegments(file.path, bytes)) {
    if (marker === 0xe1) field ??= fieldOfView(body);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (!isFrame) continue;
    const { width, height, components, isSequential } = parseFrame(file.path, marker, body, bytes.length);
    if (!isSequential) return 'The picture of the sample is a JPEG of a kind that is not read and is left out.';
    return {
      title: 'White light image',
      signalType: '',
      shape: [height, width],
      dtype: 'rgb8',
      axes: [axis('y', height, field?.origin[1], field?.size[1]), axis('x', width, field?.origin[0], field?.size[0])],
      quantity: { name: 'Colour', units: null },
      metadata: {
        General: { title: 'White light image', original_filename: basename(file.path) },
        Signal: { signal_type: '' },
      },
      originalMetadata: {},
      layout: {
        kind: 'coded',
        codec: 'renishaw-picture',
        path: file.path,
        stamp: file.stamp(),
        about: { position: block.position, size: block.size, components: components.length },
      },
      warnings: [],
    };
  }
  return 'The picture of the sample has no pixels and is left out.';
}

/** Pixels of the picture; decoded on the first block that is read. */
export function openWhiteLight(layout: CodedLayout, signal: SignalHeader): PixelSource {
  const { position, size, components } = layout.about as { position: number; size: number; components: number };
  let colours: Uint8Array | null = null;
  const decode = (): Uint8Array => {
    const file = openFile(layout.path);
    try {
      checkUnchanged(file, layout.stamp, position + size);
      const bytes = new Uint8Array(size);
      file.readInto(bytes, position);
      const [height = 0, width = 0] = signal.shape;
      const isGrey = components === 1;
      const request = { width, height, components, toRgb: !isGrey, index: 0 };
      const pixels = decodeJpeg(layout.path, bytes, request);
      return isGrey ? Uint8Array.from({ length: 3 * pixels.length }, (_, i) => pixels[Math.floor(i / 3)]!) : pixels;
    } finally {
      file.close();
    }
  };
  const readInto = readFrom(signal, () => (colours ??= decode()));
  return { readInto, read: readThrough(signal, readInto), close() {} };
}
