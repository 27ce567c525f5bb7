import { parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1, truncated, withFile } from '../file-bytes.ts';
import { cutFrames, fitRuns } from '../frame-series.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';

/* Blockfile of NanoMegas ASTAR: a virtual bright field image, then one square diffraction pattern per scan position. */

const fixedBytes = 240;
/** marker AA 55 and a counter before each pattern */
const patternHeader = 6;
const longestNote = 64 * 1024;
/** Data set name of the image that the program showed while scanning. */
const imageName = 'virtual bright field';

interface Blockfile {
  imageOffset: number;
  patternOffset: number;
  side: number;
  columns: number;
  rows: number;
  /** nm per step of the scan, along x and y; 0 when unknown */
  step: readonly [x: number, y: number];
  /** cm per pixel of a pattern; null when unknown */
  patternScale: number | null;
  beamVolts: number;
  /** tenths of a millimetre */
  cameraLength: number;
  rotation: number;
  acquired: Date | null;
  note: string;
  original: Metadata;
}

/** Days since 1899-12-30, as spreadsheets count. */
const dateOf = (days: number): Date | null => {
  const date = new Date(Math.round(days * 86_400_000) - 2_209_161_600_000);
  return days > 0 && Number.isFinite(date.getTime()) ? date : null;
};

function readBlockfile(file: FileBytes): Blockfile {
  const view = file.view(0, fixedBytes);
  const [imageOffset, patternOffset] = [view.getUint32(8, true), view.getUint32(12, true)];
  const u16 = (at: number): number => view.getUint16(at, true);
  const [side, columns, rows] = [u16(20), u16(24), u16(26)];
  if (imageOffset < fixedBytes || patternOffset < imageOffset) {
    throw corrupt(
      file.path,
      `its image begins at byte ${imageOffset} and its patterns at ${patternOffset}`,
      'the image after the header and the patterns after the image were expected',
    );
  }
  const noteBytes = new Uint8Array(
    Math.max(0, Math.min(imageOffset - fixedBytes, longestNote, file.size - fixedBytes)),
  );
  file.readInto(noteBytes, fixedBytes);
  const note = latin1(noteBytes).replace(/\0.*$/s, '');
  const perCentimetre = u16(50);
  const number = (at: number): number => {
    const value = view.getFloat64(at, true);
    return Number.isFinite(value) ? value : 0;
  };
  return {
    imageOffset,
    patternOffset,
    side,
    columns,
    rows,
    step: [number(30), number(38)],
    patternScale: perCentimetre === 0 ? null : 100 / perCentimetre,
    beamVolts: view.getUint32(46, true),
    cameraLength: view.getUint32(52, true),
    rotation: u16(28) / 100,
    acquired: dateOf(number(56)),
    note,
    original: {
      magic: u16(6),
      image_offset: imageOffset,
      pattern_offset: patternOffset,
      flags: view.getUint32(16, true),
      pattern_side: side,
      pattern_rotation: u16(22),
      columns,
      rows,
      scan_rotation: u16(28),
      step_x: number(30),
      step_y: number(38),
      beam_energy: view.getUint32(46, true),
      pixels_per_centimetre: perCentimetre,
      camera_length: view.getUint32(52, true),
      acquisition_time: number(56),
      centring: Array.from({ length: 8 }, (_, i) => number(64 + 8 * i)),
      distortion: Array.from({ length: 14 }, (_, i) => number(128 + 8 * i)),
      note,
    },
  };
}

function metadataOf(file: FileBytes, block: Blockfile): Metadata {
  const when = block.acquired?.toISOString();
  return {
    General: {
      title: parse(file.path).name,
      original_filename: file.name,
      ...(when === undefined ? {} : { date: when.slice(0, 10), time: when.slice(11, -1), time_zone: 'UTC' }),
      ...(block.note === '' ? {} : { notes: block.note }),
    },
    Signal: { signal_type: 'diffraction' },
    Acquisition_instrument: {
      TEM: {
        ...(block.beamVolts > 0 ? { beam_energy: block.beamVolts / 1000 } : {}),
        ...(block.cameraLength > 0 ? { camera_length: block.cameraLength / 10 } : {}),
        rotation: block.rotation,
      },
    },
  };
}

const scaled = (axis: Axis, scale: number | null, units: string): Axis =>
  scale === null || scale === 0 ? axis : { ...axis, scale, units };

function common(file: FileBytes, block: Blockfile): Pick<SignalHeader, 'title' | 'quantity' | 'originalMetadata'> {
  return {
    title: parse(file.path).name,
    quantity: { name: 'Intensity', units: null },
    originalMetadata: { blockfile_header: block.original },
  };
}

/** The image that was shown while scanning, rows × columns of uint8. */
function imageSignal(file: FileBytes, block: Blockfile, hints: ReadHints): SignalHeader {
  const shape = [block.rows, block.columns];
  const end = block.imageOffset + checkedBytes(file.path, shape, 'uint8');
  if (end > file.size) throw truncated(file.path, end, file.size);
  const axes = [
    scaled(plainAxis('y', block.rows, false), block.step[1], 'nm'),
    scaled(plainAxis('x', block.columns, false), block.step[0], 'nm'),
  ];
  return {
    ...common(file, block),
    signalType: '',
    shape,
    dtype: 'uint8',
    axes: calibrateByHints(file.name, axes, hints),
    metadata: metadataOf(file, block),
    layout: {
      kind: 'raw',
      path: file.path,
      offset: block.imageOffset,
      littleEndian: true,
      storedShape: shape,
      stamp: file.stamp(),
    },
    warnings: [],
  };
}

/** The patterns, rows × columns × side × side of uint8; those that were not written are read as zeros. */
function patternSignal(file: FileBytes, block: Blockfile, hints: ReadHints): SignalHeader {
  const { side, rows, columns } = block;
  checkedBytes(file.path, [rows, columns, side, side], 'uint8');
  const step = patternHeader + side * side;
  const planned = rows * columns;
  const found = Math.min(planned, Math.max(0, Math.floor((file.size - block.patternOffset) / step)));
  if (found === 0) throw truncated(file.path, block.patternOffset + step, file.size);
  const mark = file.view(block.patternOffset, 2);
  if (mark.getUint16(0, true) !== 0x55aa) {
    throw corrupt(file.path, 'its first pattern does not begin with AA 55', 'every pattern begins so');
  }
  const run = { file: 0, first: block.patternOffset + patternHeader, step, count: found };
  const scan = [
    scaled(plainAxis('y', rows, true), block.step[1], 'nm'),
    scaled(plainAxis('x', columns, true), block.step[0], 'nm'),
  ];
  const series = cutFrames(file.name, scan, fitRuns([run], planned), hints);
  const pattern = ['dy', 'dx'].map((name) => scaled(plainAxis(name, side, false), block.patternScale, 'cm'));
  const axes = calibrateByHints(file.name, [...series.axes, ...pattern], hints);
  return {
    ...common(file, block),
    signalType: 'diffraction',
    shape: axes.map(({ size }) => size),
    dtype: 'uint8',
    axes,
    metadata: metadataOf(file, block),
    layout: {
      kind: 'frames',
      files: [{ path: file.path, stamp: file.stamp() }],
      frameRank: 2,
      runs: series.runs,
      littleEndian: true,
    },
    warnings: [
      ...(found < planned
        ? [`The file ends early: ${found} of ${planned} patterns are there, the others are read as zeros.`]
        : []),
      ...series.warnings,
    ],
  };
}

/** Diffraction patterns of NanoMegas ASTAR (.blo); the image of the scan by the data set “virtual bright field”. */
export const blockfileReader: Reader = {
  id: 'blockfile',
  title: 'Blockfile (NanoMegas ASTAR)',
  extensions: ['blo'],
  probe: (head) => (latin1(head.subarray(0, 6)) === 'IMGBLO' ? 1 : 0),
  header: async (path, hints): Promise<FileHeader> =>
    withFile(path, (file) => {
      const block = readBlockfile(file);
      if (hints.dataset !== undefined && hints.dataset !== imageName && hints.dataset !== 'patterns') {
        throw new EigenscopeError(
          'not-found',
          `${file.name} has no data set “${hints.dataset}”; it has “patterns” and “${imageName}”.`,
          { path },
        );
      }
      const signal = hints.dataset === imageName ? imageSignal(file, block, hints) : patternSignal(file, block, hints);
      return { format: 'blockfile', signals: [signal] };
    }),
};
