import type { DType } from '../../model/dtype.ts';
import type { Metadata } from '../../model/signal.ts';
import { corrupt } from '../file-bytes.ts';

/* The stream format of TVIPS cameras: a header of 256 bytes, then a small header before every frame. Little-endian. */

export const headerBytes = 256;

export interface TvipsHeader {
  version: 1 | 2;
  /** bytes of this header, where the first frame begins */
  bytes: number;
  width: number;
  height: number;
  dtype: DType;
  frameHeaderBytes: number;
  /** nm or 1/nm, as the frames tell; 0 when unknown */
  pixelSize: number;
  original: Metadata;
}

const dtypes: Readonly<Record<number, DType>> = { 8: 'uint8', 16: 'uint16', 32: 'uint32' };
const shortFrameHeader = 12;
/** Fields of the frame header of version 2. */
const longFrameHeader = 60;
const longestFrameHeader = 64 * 1024;

const names = [
  'header_bytes',
  'version',
  'width',
  'height',
  'bits_per_pixel',
  'offset_x',
  'offset_y',
  'binning_x',
  'binning_y',
  'pixel_size',
  'high_tension',
  'magnification',
  'frame_header_bytes',
] as const;

/** Whether these bytes make sense as the header of the first file of a stream. */
export function isTvips(head: Uint8Array): boolean {
  if (head.length < headerBytes) return false;
  const view = new DataView(head.buffer, head.byteOffset, headerBytes);
  const u32 = (at: number): number => view.getUint32(at, true);
  return (
    u32(0) === headerBytes &&
    (u32(4) === 1 || u32(4) === 2) &&
    u32(8) > 0 &&
    u32(8) < 2 ** 16 &&
    u32(12) > 0 &&
    u32(12) < 2 ** 16 &&
    Object.hasOwn(dtypes, u32(16))
  );
}

/** @throws EigenscopeError `corrupt-file` for a header that no camera writes */
export function readTvipsHeader(path: string, head: Uint8Array): TvipsHeader {
  if (!isTvips(head)) {
    throw corrupt(
      path,
      'its header is not that of a TVIPS stream',
      'a header of 256 bytes of version 1 or 2 with a frame size and 8, 16 or 32 bits per pixel was expected',
    );
  }
  const view = new DataView(head.buffer, head.byteOffset, headerBytes);
  const told = Object.fromEntries(names.map((name, i) => [name, view.getUint32(4 * i, true)])) as Record<
    (typeof names)[number],
    number
  >;
  const version = told.version === 1 ? 1 : 2;
  // the first version does not tell how long the headers of its frames are
  const frameHeaderBytes = version === 1 ? shortFrameHeader : told.frame_header_bytes;
  if (frameHeaderBytes < shortFrameHeader || frameHeaderBytes > longestFrameHeader) {
    throw corrupt(
      path,
      `the headers of its frames have ${frameHeaderBytes} bytes`,
      `${shortFrameHeader} to ${longestFrameHeader} were expected`,
    );
  }
  return {
    version,
    bytes: headerBytes,
    width: told.width,
    height: told.height,
    dtype: dtypes[told.bits_per_pixel]!,
    frameHeaderBytes,
    pixelSize: told.pixel_size,
    original: told,
  };
}

/** What the microscope told when a frame was taken. */
export interface TvipsFrame {
  /** seconds since 1970 */
  time: number;
  /** position in the scan, counted from 1 while one is running; null in version 1 */
  scanIndex: number | null;
  isDiffraction: boolean;
  fields: Metadata;
}

/** @param view the whole header of a frame */
export function readFrameHeader(view: DataView): TvipsFrame {
  const u32 = (at: number): number => view.getUint32(at, true);
  const f32 = (at: number): number => {
    const value = view.getFloat32(at, true);
    return Number.isFinite(value) ? Number(value.toPrecision(7)) : 0;
  };
  const time = u32(4) + u32(8) / 1000;
  if (view.byteLength < longFrameHeader) {
    return { time, scanIndex: null, isDiffraction: true, fields: { number: u32(0), timestamp: u32(4), ms: u32(8) } };
  }
  return {
    time,
    scanIndex: u32(48),
    isDiffraction: u32(24) === 2,
    fields: {
      number: u32(0),
      timestamp: u32(4),
      ms: u32(8),
      beam_current: f32(16),
      magnification: u32(20),
      mode: u32(24),
      stage_x: f32(28),
      stage_y: f32(32),
      stage_z: f32(36),
      stage_a: f32(40),
      stage_b: f32(44),
      scan_index: u32(48),
      temperature: f32(52),
      objective_current: f32(56),
    },
  };
}
