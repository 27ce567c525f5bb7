import { parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, PixelLayout } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { companion } from '../companion.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1, truncated, withFile } from '../file-bytes.ts';
import { cutFrames, fitRuns } from '../frame-series.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { isAcquisitionHeader, readAcquisitionHeader, scanOf } from './acquisition-header.ts';
import type { MibHeader } from './mib-header.ts';
import { isMib, longestHeader, readMibHeader, timeOf } from './mib-header.ts';
import { scanWidth } from './scan-shape.ts';

/** More frames than this are not asked for their times one by one. */
const mostTimed = 2 ** 20;

/** Times of all frames in ns since midnight; null when a frame tells none. */
function frameTimes(file: FileBytes, header: MibHeader, frames: number): Float64Array | null {
  if (frames > mostTimed) return null;
  const times = new Float64Array(frames);
  const bytes = new Uint8Array(header.headerBytes);
  for (let i = 0; i < frames; i++) {
    file.readInto(bytes, i * (header.headerBytes + header.storedBytes));
    const time = timeOf(latin1(bytes));
    if (time === null) return null;
    times[i] = time;
  }
  return times;
}

interface Scan {
  axes: Axis[];
  warnings: string[];
}

const scanAxes = (rows: number, columns: number): Axis[] =>
  rows > 1 ? [plainAxis('y', rows, true), plainAxis('x', columns, true)] : [plainAxis('x', columns, true)];

/** The scan: as the recording's header tells it, else from the pauses between lines, else one frame after another. */
function scanShape(file: FileBytes, header: MibHeader, frames: number, about: Metadata | null): Scan {
  const told = about === null ? null : scanOf(about);
  if (told !== null) {
    const rows = told.rows ?? Math.ceil(frames / told.columns);
    const planned = rows * told.columns;
    if (planned === frames) return { axes: scanAxes(rows, told.columns), warnings: [] };
    if (planned > frames && planned <= 2 * frames) {
      return {
        axes: scanAxes(rows, told.columns),
        warnings: [`The recording ends early: ${frames} of ${planned} frames are there, the others are read as zeros.`],
      };
    }
  }
  if (frames === 1) return { axes: [], warnings: [] };
  const times = frameTimes(file, header, frames);
  const width = times === null ? null : scanWidth(times);
  if (width !== null) return { axes: scanAxes(frames / width, width), warnings: [] };
  return { axes: [plainAxis('frame', frames, true)], warnings: [] };
}

function metadataOf(file: FileBytes, header: MibHeader): Metadata {
  const { taken, exposure } = header;
  return {
    General: {
      title: parse(file.path).name,
      original_filename: file.name,
      ...(taken === null ? {} : { date: taken.date, time: taken.time, ...(taken.isUtc ? { time_zone: 'UTC' } : {}) }),
    },
    Signal: { signal_type: 'electron_diffraction' },
    ...(exposure === null ? {} : { Acquisition_instrument: { dwell_time: exposure } }),
  };
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const head = new Uint8Array(Math.min(file.size, longestHeader));
    file.readInto(head, 0);
    const length = Number(latin1(head.subarray(0, 64)).split(',')[2]);
    if (!(length >= 64 && length <= longestHeader)) {
      throw corrupt(path, `its first header announces ${length} bytes`, `64 to ${longestHeader} were expected`);
    }
    const header = readMibHeader(path, head.subarray(0, length));
    const shape = [header.height, header.width];
    checkedBytes(path, shape, header.dtype);
    const step = header.headerBytes + header.storedBytes;
    const frames = Math.floor(file.size / step);
    if (frames < 1) throw truncated(path, step, file.size);
    const isQuad = header.chips === 4 && /2x2/i.test(header.layout);
    if (header.rawDepth !== null) refuseOddRaw(path, header, isQuad);
    const last = file.view((frames - 1) * step, Math.min(64, step));
    if (!isMib(new Uint8Array(last.buffer, last.byteOffset, last.byteLength))) {
      throw corrupt(path, 'its last frame has no header where one is expected', 'frames of one size were expected');
    }
    const about = readAcquisitionHeader(path);
    const isAsked = hints.navigationShape !== undefined || hints.frames !== undefined;
    const series: Scan = { axes: [plainAxis('frame', frames, true)], warnings: [] };
    const scan = isAsked ? series : scanShape(file, header, frames, about);
    const room = scan.axes.reduce((n, { size }) => n * size, 1);
    const run = { file: 0, first: header.headerBytes, step, count: frames };
    const cut = cutFrames(file.name, scan.axes, fitRuns([run], room), hints);
    const signalAxes = ['ky', 'kx'].map((name, i) => plainAxis(name, shape[i]!, false));
    const axes = calibrateByHints(file.name, [...cut.axes, ...signalAxes], hints);
    const rest = file.size - frames * step;
    const layout: PixelLayout =
      header.rawDepth === null
        ? {
            kind: 'frames',
            files: [{ path, stamp: file.stamp() }],
            frameRank: 2,
            runs: cut.runs,
            littleEndian: false,
            flipped: true,
          }
        : {
            kind: 'coded',
            codec: 'mib-raw',
            path,
            stamp: file.stamp(),
            about: {
              depth: header.rawDepth,
              storedBytes: header.storedBytes,
              isQuad,
              runs: cut.runs.map((one) => ({ ...one })),
            },
          };
    return {
      format: 'quantumdetector-mib',
      signals: [
        {
          title: parse(path).name,
          signalType: 'electron_diffraction',
          shape: axes.map(({ size }) => size),
          dtype: header.dtype,
          axes,
          quantity: { name: 'Counts', units: null },
          metadata: metadataOf(file, header),
          originalMetadata: { mib_header: header.fields, ...(about === null ? {} : { hdr: about }) },
          layout,
          ...(cut.options === undefined ? {} : { options: cut.options }),
          warnings: [
            ...scan.warnings,
            ...cut.warnings,
            ...(rest > 0 ? [`The last frame is not whole (${rest} of ${step} bytes); it is not read.`] : []),
          ],
        },
      ],
    };
  });
}

function refuseOddRaw(path: string, header: MibHeader, isQuad: boolean): void {
  const { width, height, chips, rawDepth, layout } = header;
  // words of 64 bits hold whole pixels of one row of a chip
  const wordPixels = rawDepth === 1 ? 64 : rawDepth === 6 ? 8 : 4;
  const good = isQuad
    ? width === height && (width / 2) % wordPixels === 0 && rawDepth !== 24
    : chips === 1 && width % wordPixels === 0;
  if (good) return;
  throw new EigenscopeError(
    'unsupported-format',
    `${path.split(/[\\/]/).at(-1)} was recorded in a raw mode (depth ${rawDepth}) of ${chips} chips laid out ${layout}, ${width} × ${height}. Raw modes can be read of one chip, and of a 2x2 quad up to 12 bits; convert it in the Merlin software.`,
    { path },
  );
}

/** Recordings of Quantum Detectors' Merlin: NAME.mib, with NAME.hdr about the whole recording beside it. */
export const mibReader: Reader = {
  id: 'quantumdetector-mib',
  title: 'Quantum Detectors Merlin',
  extensions: ['mib'],
  probe: (head) => (isMib(head) ? 1 : isAcquisitionHeader(head) ? 0.8 : 0),
  header: async (path, hints) => {
    const isHeader = withFile(path, (file) => {
      const head = file.view(0, Math.min(4, file.size));
      return isAcquisitionHeader(new Uint8Array(head.buffer, head.byteOffset, head.byteLength));
    });
    if (!isHeader) return readHeader(path, hints);
    const mib = companion(path, ['mib']);
    if (mib !== null) return readHeader(mib, hints);
    throw new EigenscopeError(
      'file-not-found',
      `${path.split(/[\\/]/).at(-1)} describes a recording of a Merlin detector; its frames are in the .mib of the same name, which is not beside it.`,
      { path },
    );
  },
};
