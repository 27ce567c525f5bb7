import { corrupt } from '../file-bytes.ts';
import { freeBytes } from '../free-bytes.ts';
import { decodeScan } from './jpeg-scan.ts';
import { emptyFrame, readSegments } from './jpeg-tables.ts';
import { upsample } from './jpeg-upsample.ts';

export interface JpegRequest {
  /** tables that the pages of a file share (TIFF Technical Note 2) */
  tables?: Uint8Array;
  width: number;
  height: number;
  components: number;
  toRgb: boolean;
  /** number of the strip or tile, for messages */
  index: number;
}

const fix = (value: number): number => Math.floor(value * 65536 + 0.5);
const redFromCr = fix(1.402);
const blueFromCb = fix(1.772);
const greenFromCr = fix(0.71414);
const greenFromCb = fix(0.34414);

/** Luminance and colour differences to red, green, blue, in place (JFIF 1.02), in 16-bit fixed point. */
function toRgb(pixels: Uint8ClampedArray): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const y = pixels[i]!;
    const cb = pixels[i + 1]! - 128;
    const cr = pixels[i + 2]! - 128;
    pixels[i] = y + ((redFromCr * cr + 32768) >> 16);
    pixels[i + 1] = y + ((-greenFromCb * cb - greenFromCr * cr + 32768) >> 16);
    pixels[i + 2] = y + ((blueFromCb * cb + 32768) >> 16);
  }
}

/**
 * A strip or tile in baseline JPEG (ITU-T T.81) as bytes [height × width × components], to the same values as the
 * Independent JPEG Group's library.
 * @throws EigenscopeError `corrupt-file` when it is damaged or of another size; `unsupported-format` for other kinds of JPEG
 */
export function decodeJpeg(path: string, source: Uint8Array, request: JpegRequest): Uint8Array {
  const { width, height, components } = request;
  const frame = emptyFrame();
  if (request.tables !== undefined) readSegments(path, request.tables, frame);
  readSegments(path, source, frame);
  const bad = (found: string) =>
    corrupt(path, `strip or tile ${request.index} of a page ${found}`, 'a whole JPEG of that size was expected');
  // an older strip may say more rows than there are; sizes are bounded by those of the page
  if (
    frame.scan === null ||
    frame.width !== width ||
    frame.height < height ||
    frame.height > Math.max(height, 8) * 8 ||
    frame.components.length !== components
  ) {
    throw bad(`is a JPEG of ${frame.width} × ${frame.height} in ${frame.components.length} colours`);
  }
  if (frame.scan.components.length !== components) throw bad('has its colours in separate scans');
  const planes = decodeScan(source, frame);
  if (planes === null) throw bad('cannot be unpacked');
  const most = {
    h: Math.max(...frame.components.map((c) => c.horizontal)),
    v: Math.max(...frame.components.map((c) => c.vertical)),
  };
  const out = new Uint8ClampedArray(width * height * components);
  frame.scan.components.forEach((component, c) => {
    const alone = components === 1;
    const full = upsample(
      planes[c]!,
      alone ? 1 : most.h / component.horizontal,
      alone ? 1 : most.v / component.vertical,
    );
    for (let y = 0; y < height; y++) {
      let from = y * full.stride;
      for (let at = y * width * components + c, end = at + width * components; at < end; at += components) {
        out[at] = full.bytes[from++]!;
      }
    }
    freeBytes(full.bytes);
    freeBytes(planes[c]!.bytes);
  });
  if (request.toRgb) toRgb(out);
  return new Uint8Array(out.buffer);
}
