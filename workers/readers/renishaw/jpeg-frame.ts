import { corrupt } from '../file-bytes.ts';

/** A component of a JPEG picture: how finely it is sampled and by which tables it is coded. */
export interface JpegComponent {
  id: number;
  horizontal: number;
  vertical: number;
  quantization: number;
}

/** The frame header of a JPEG picture. */
export interface JpegFrame {
  width: number;
  height: number;
  components: readonly JpegComponent[];
  /** baseline or extended sequential, 8 bits, Huffman: what can be decoded here */
  isSequential: boolean;
}

/** Walks the marker segments up to and with the first scan header. `body` is what follows the length of the segment. */
export function* jpegSegments(
  path: string,
  bytes: Uint8Array,
): Generator<{ marker: number; body: Uint8Array; end: number }> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw corrupt(path, 'its picture is no JPEG', 'a JPEG was expected');
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) throw corrupt(path, `its picture breaks off at byte ${at}`, 'a marker was expected');
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) return;
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw corrupt(path, 'its picture is cut short', 'a whole JPEG was expected');
    yield { marker, body: bytes.subarray(at + 4, end), end };
    if (marker === 0xda) return;
    at = end;
  }
}

/** @throws EigenscopeError `corrupt-file` when the header contradicts itself or promises more than the bytes can hold */
export function parseFrame(path: string, marker: number, body: Uint8Array, available: number): JpegFrame {
  const count = body[5] ?? 0;
  if (body.length < 6 + 3 * count) throw corrupt(path, 'the header of its picture is cut short', 'sizes were expected');
  const height = body[1]! * 256 + body[2]!;
  const width = body[3]! * 256 + body[4]!;
  const components = Array.from({ length: count }, (_, i) => ({
    id: body[6 + 3 * i]!,
    horizontal: body[7 + 3 * i]! >> 4,
    vertical: body[7 + 3 * i]! & 15,
    quantization: body[8 + 3 * i]! & 3,
  }));
  const isSampled = components.every(({ horizontal: h, vertical: v }) => h >= 1 && h <= 4 && v >= 1 && v <= 4);
  // a block of 8 × 8 takes two bits at the least
  const isPlausible = (Math.ceil(width / 32) * Math.ceil(height / 32)) / 4 <= available;
  if (width === 0 || height === 0 || !isSampled || !isPlausible) {
    throw corrupt(
      path,
      `its picture of ${available} bytes announces ${width} × ${height} pixels`,
      'no more than the bytes can hold was expected',
    );
  }
  const isSequential = (marker === 0xc0 || marker === 0xc1) && body[0] === 8 && (count === 1 || count === 3);
  return { width, height, components, isSequential };
}
