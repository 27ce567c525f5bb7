import { extname, parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { elementCount, itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, PixelLayout } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import type { FileBytes } from '../file-bytes.ts';
import { truncated, withFile } from '../file-bytes.ts';
import type { FrameSeries } from '../frame-series.ts';
import { cutFrames, fitRuns } from '../frame-series.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { DirectElectronInfo } from './direct-electron.ts';
import { instrumentOf, readInfoBeside } from './direct-electron.ts';
import { feiInstrument, readFeiRecord } from './fei-extended.ts';
import type { MrcHeader } from './mrc-header.ts';
import { hasMapMark, headerBytes, isSensibleMrc, readMrcHeader } from './mrc-header.ts';

const extensions = ['mrc', 'mrcs', 'map', 'rec', 'st', 'ali', 'preali', 'ccp4'];

/** Length of one step along x, y or z in nm; null without a cell. Lengths below zero are how diffraction is marked. */
function stepOf(header: MrcHeader, axis: 0 | 1 | 2): number | null {
  const step = Math.abs(header.cell[axis] / header.intervals[axis]) / 10;
  return Number.isFinite(step) && step > 0 ? step : null;
}

/** z, y and x as they are before any scan is folded; z leads the stack and has no unit. */
function spaceAxes(header: MrcHeader, record: Metadata): [Axis, Axis, Axis] {
  const sizeOf = (axis: 0 | 1 | 2): number => header.size[header.map.indexOf(axis + 1)]!;
  const offset = (axis: 0 | 1 | 2): number => (Number.isFinite(header.origin[axis]) ? header.origin[axis] / 10 : 0);
  const inPlane = (axis: 0 | 1, name: string, recorded: Metadata[string] | undefined): Axis => {
    const step = stepOf(header, axis) ?? (typeof recorded === 'number' ? recorded * 1e9 : null);
    const plain = plainAxis(name, sizeOf(axis), false);
    return step === null ? plain : { ...plain, units: 'nm', scale: step, offset: offset(axis) };
  };
  const z = plainAxis('z', sizeOf(2), true);
  const step = stepOf(header, 2);
  return [
    step === null ? z : { ...z, scale: step, offset: offset(2) },
    inPlane(1, 'y', record['pixel_size_y']),
    inPlane(0, 'x', record['pixel_size_x']),
  ];
}

/** Navigation axes of the sections: none for one image, volumes and z for stacks of volumes, the scan where it is told. */
function sectionAxes(header: MrcHeader, z: Axis, info: DirectElectronInfo | null): Axis[] {
  const scan = info?.scan ?? null;
  if (scan !== null && z.size > 1 && z.size <= scan.x * scan.y && 2 * z.size >= scan.x * scan.y) {
    // the steps of the scan are not told where they could be trusted
    return [
      { ...plainAxis('y', scan.y, true), units: 'nm' },
      { ...plainAxis('x', scan.x, true), units: 'nm' },
    ];
  }
  const perVolume = header.intervals[2];
  const isVolumes = header.spaceGroup >= 401 && header.spaceGroup <= 630 && perVolume > 1 && z.size > perVolume;
  if (isVolumes && z.size % perVolume === 0) {
    return [plainAxis('volume', z.size / perVolume, true), { ...z, size: perVolume }];
  }
  return z.size === 1 ? [] : [z];
}

interface Placed {
  file: FileBytes;
  header: MrcHeader;
}

/** An array that lies flat in the file: streamed where its elements are what the file holds, else through a decoder. */
function flatLayout({ file, header }: Placed, offset: number, storedShape: number[], axisOrder: number[]): PixelLayout {
  const { mode, littleEndian } = header;
  const stamp = file.stamp();
  if (mode.storage !== 'plain') {
    const about: Metadata = { storage: mode.storage, offset, littleEndian, storedShape, axisOrder };
    return { kind: 'coded', codec: 'mrc-packed', path: file.path, stamp, about };
  }
  const identity = axisOrder.every((axis, i) => axis === i);
  const order = identity ? {} : { axisOrder };
  return { kind: 'raw', path: file.path, offset, littleEndian, storedShape, ...order, stamp };
}

/** Sections that are images of x and y: they can be folded, cut and partly missing. */
function stackLayout(placed: Placed, series: FrameSeries): PixelLayout {
  const { file, header } = placed;
  const [columns, rows] = header.size;
  const [only] = series.runs;
  if (series.runs.length !== 1 || only!.file < 0) {
    if (header.mode.storage !== 'plain' || header.map[0] !== 1) {
      throw new EigenscopeError(
        'shape-mismatch',
        `${file.name} holds ${header.size[2]} sections, not as many as the navigation shape has room for, and this form of MRC (mode ${header.modeNumber}) cannot be filled up. Give a shape with exactly as many.`,
        { path: file.path },
      );
    }
    const files = [{ path: file.path, stamp: file.stamp() }];
    return { kind: 'frames', files, frameRank: 2, runs: series.runs, littleEndian: header.littleEndian };
  }
  const sizes = series.axes.map(({ size }) => size);
  const [slower, faster] = header.map[0] === 1 ? [0, 1] : [1, 0];
  return flatLayout(
    placed,
    only!.first,
    [...sizes, rows, columns],
    [...sizes.keys(), sizes.length + slower!, sizes.length + faster!],
  );
}

/** Sections along x or y: the axes are brought to z, y, x. A single z is dropped from wherever it is stored. */
function volumeLayout(placed: Placed, offset: number, hasZ: boolean): PixelLayout {
  const stored = [...placed.header.size].reverse();
  const order = [3, 2, 1].map((axis) => 2 - placed.header.map.indexOf(axis));
  if (hasZ) return flatLayout(placed, offset, stored, order);
  const [dropped, ...kept] = order as [number, number, number];
  return flatLayout(
    placed,
    offset,
    stored.filter((_, axis) => axis !== dropped),
    kept.map((axis) => (axis > dropped ? axis - 1 : axis)),
  );
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const header = readMrcHeader(path, file.view(0, headerBytes));
    const offset = headerBytes + header.extendedBytes;
    if (offset > file.size) throw truncated(path, offset, file.size);
    const isFei = /^FEI[12]$/.test(header.extendedType);
    const record = isFei ? readFeiRecord(file.view(headerBytes, Math.min(header.extendedBytes, 768))) : {};
    const info = readInfoBeside(path);

    const { mode } = header;
    const [columns, rows, sections] = header.size;
    checkedBytes(path, header.size, mode.dtype);
    const rowBytes = {
      plain: itemSize(mode.dtype) * columns,
      'int16-pairs': 4 * columns,
      nibbles: Math.ceil(columns / 2),
    };
    const sectionBytes = rowBytes[mode.storage] * rows;
    const needed = offset + sectionBytes * sections;
    if (needed > file.size) throw truncated(path, needed, file.size);

    const [z, y, x] = spaceAxes(header, record);
    const isStack = header.map[2] === 3;
    const canMiss = isStack && mode.storage === 'plain' && header.map[0] === 1;
    const navigation = sectionAxes(header, z, isStack ? info : null);
    const room = elementCount(navigation.map(({ size }) => size));
    const planned = room > sections && !canMiss ? [z] : navigation;
    const isScan = planned.length === 2 && planned[0]!.name === 'y';
    const run = { file: 0, first: offset, step: sectionBytes, count: sections };
    const missing = isScan ? room - sections : 0;
    const series: FrameSeries = isStack
      ? cutFrames(file.name, planned, fitRuns([run], sections + missing), hints)
      : { axes: z.size > 1 ? [z] : [], runs: [run], warnings: foldWarnings(hints) };
    const signalAxes = isScan
      ? [
          { ...y, name: 'ky', units: y.units === null ? null : 'nm^-1' },
          { ...x, name: 'kx', units: x.units === null ? null : 'nm^-1' },
        ]
      : [y, x];
    const axes = calibrateByHints(file.name, [...series.axes, ...signalAxes], hints);
    const rest = file.size - needed;
    const instrument = info === null ? feiInstrument(record) : instrumentOf(info);
    return {
      format: 'mrc',
      signals: [
        {
          title: parse(path).name,
          signalType: '',
          shape: axes.map(({ size }) => size),
          dtype: mode.dtype,
          axes,
          quantity: { name: 'Intensity', units: null },
          metadata: {
            General: { title: parse(path).name, original_filename: file.name },
            Signal: { signal_type: '' },
            ...(Object.keys(instrument).length > 0 ? { Acquisition_instrument: { TEM: instrument } } : {}),
          },
          originalMetadata: {
            std_header: plainHeader(header),
            ...(Object.keys(record).length > 0 ? { fei_header: record } : {}),
            ...(info === null ? {} : { info: info.values }),
          },
          layout: isStack
            ? stackLayout({ file, header }, series)
            : volumeLayout({ file, header }, offset, series.axes.length > 0),
          ...(series.options === undefined ? {} : { options: series.options }),
          warnings: [
            ...(missing > 0 ? [`The scan stopped early: ${sections} of ${room} frames are there.`] : []),
            ...series.warnings,
            ...(rest > 0 ? [`${rest} bytes after the array are not read.`] : []),
          ],
        },
      ],
    };
  });
}

const foldWarnings = (hints: ReadHints): string[] =>
  hints.frames === undefined && hints.navigationShape === undefined
    ? []
    : ['Its sections are no images of x and y: neither frames nor a navigation shape can be chosen.'];

const plainHeader = (header: MrcHeader): Metadata => ({
  mode: header.modeNumber,
  nx: header.size[0],
  ny: header.size[1],
  nz: header.size[2],
  mx: header.intervals[0],
  my: header.intervals[1],
  mz: header.intervals[2],
  cell: [...header.cell],
  map: [...header.map],
  origin: [...header.origin],
  statistics: header.statistics.map((value) => (Number.isFinite(value) ? value : null)),
  space_group: header.spaceGroup,
  extended_header_bytes: header.extendedBytes,
  extended_header_type: header.extendedType,
  labels: header.labels,
});

/** MRC and CCP4 maps, stacks, volumes and movies, with what Direct Electron cameras write beside them. */
export const mrcReader: Reader = {
  id: 'mrc',
  title: 'MRC or CCP4 map',
  extensions,
  probe(head, path) {
    if (!isSensibleMrc(head)) return 0;
    if (hasMapMark(head)) return 0.95;
    return extensions.includes(extname(path).slice(1).toLowerCase()) ? 0.5 : 0;
  },
  header: async (path, hints) => readHeader(path, hints),
};
