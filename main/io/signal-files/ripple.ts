import { extname } from 'node:path';
import type { Axis } from '../../../workers/model/axes.ts';
import { isCalibrated } from '../../../workers/model/axes.ts';
import type { DType } from '../../../workers/model/dtype.ts';
import { elementCount, itemSize } from '../../../workers/model/dtype.ts';
import { requireSpace } from '../free-space.ts';
import { instrument, numberIn, oneLine, textIn } from './metadata-values.ts';
import type { SignalToWrite, WriteSignal } from './signal-to-write.ts';
import { writeDataAndHeader } from './two-files.ts';
import { writeInOrder } from './write-in-order.ts';

/** The type in the file: ripple knows whole numbers and floats of 4 and 8 bytes. */
const storedType = (dtype: DType): DType => (dtype === 'bool' ? 'uint8' : dtype === 'float16' ? 'float32' : dtype);

type Side = 'width' | 'height' | 'depth';

interface Arrangement {
  recordBy: 'vector' | 'image';
  order: number[];
  sides: Partial<Record<Side, Axis>>;
}

/** Navigation first, then signal; axes of size 1 are left out, as the format itself has no more than three. */
function arrange({ axes }: SignalToWrite): Arrangement {
  const indices = axes.map((_, i) => i);
  const navigation = indices.filter((i) => axes[i]!.navigate);
  const signal = indices.filter((i) => !axes[i]!.navigate);
  const long = (list: readonly number[]): Axis[] => list.map((i) => axes[i]!).filter((axis) => axis.size !== 1);
  const side = (name: Side, axis: Axis | undefined): Partial<Record<Side, Axis>> =>
    axis === undefined ? {} : { [name]: axis };
  const order = [...navigation, ...signal];
  const slow = long(navigation);
  const fast = long(signal);
  if (fast.length > 1) {
    return {
      recordBy: 'image',
      order,
      sides: { ...side('depth', slow[0]), ...side('height', fast[0]), ...side('width', fast[1]) },
    };
  }
  return {
    recordBy: 'vector',
    order,
    sides: { ...side('height', slow.at(-2)), ...side('width', slow.at(-1)), ...side('depth', fast[0]) },
  };
}

function calibration(side: Side, axis: Axis | undefined): [string, string | number][] {
  if (axis === undefined) return [];
  return [
    ...(axis.name === '' ? [] : [[`${side}-name`, oneLine(axis.name)] as [string, string]]),
    // origins of this format are in units
    [`${side}-origin`, axis.offset],
    [`${side}-scale`, axis.scale],
    ...(isCalibrated(axis) ? [[`${side}-units`, oneLine(axis.units!)] as [string, string]] : []),
  ];
}

function described(signal: SignalToWrite, depth: Axis | undefined): [string, string | number][] {
  const { metadata, signalType } = signal;
  const detector = `${instrument}.Detector`;
  const numbers: [string, number | null][] = [
    ['beam-energy', numberIn(metadata, `${instrument}.beam_energy`)],
    ['convergence-angle', numberIn(metadata, `${instrument}.convergence_angle`)],
    ['tilt-stage', numberIn(metadata, `${instrument}.Stage.tilt_alpha`, `${instrument}.tilt_stage`)],
    ['collection-angle', numberIn(metadata, `${detector}.EELS.collection_angle`)],
    ['azimuth-angle', numberIn(metadata, `${detector}.EDS.azimuth_angle`)],
    ['elevation-angle', numberIn(metadata, `${detector}.EDS.elevation_angle`)],
    ['live-time', numberIn(metadata, `${detector}.EDS.live_time`)],
    ['detector-peak-width-ev', numberIn(metadata, `${detector}.EDS.energy_resolution_MnKa`)],
  ];
  const units = depth?.units ?? '';
  const perElectronvolt = units === 'eV' ? 1 : units === 'keV' ? 1000 : null;
  const texts: [string, string | null][] = [
    ['signal', signalType === '' ? null : signalType],
    ['title', oneLine(signal.title) || null],
    ['date', textIn(metadata, 'General.date')],
    ['time', textIn(metadata, 'General.time')],
  ];
  return [
    ...(depth === undefined || perElectronvolt === null
      ? []
      : [['ev-per-chan', depth.scale * perElectronvolt] as [string, number]]),
    ...numbers.filter((pair): pair is [string, number] => pair[1] !== null),
    ...texts.filter((pair): pair is [string, string] => pair[1] !== null),
  ];
}

/** A single image, or pixels of one number each, are recorded by neither: HyperSpy takes a depth of 1 no other way. */
const recordedBy = ({ recordBy, sides }: Arrangement): string =>
  sides.depth === undefined && sides.width !== undefined ? 'dont-care' : recordBy;

/** Latin-1 where the header is nothing but that, as most readers of this format have it; else UTF-8. */
export const encodeHeader = (text: string): Uint8Array =>
  /^[\0-\u00ff]*$/.test(text) ? Buffer.from(text, 'latin1') : Buffer.from(text, 'utf8');

function headerText(signal: SignalToWrite, arrangement: Arrangement, dtype: DType): string {
  const { recordBy, sides } = arrangement;
  const kind = dtype.startsWith('uint') ? 'unsigned' : dtype.startsWith('int') ? 'signed' : 'float';
  const pairs: [string, string | number][] = [
    ['key', 'value'],
    ['width', sides.width?.size ?? 1],
    ['height', sides.height?.size ?? 1],
    ['depth', sides.depth?.size ?? 1],
    ['offset', 0],
    ['data-length', itemSize(dtype)],
    ['data-type', kind],
    ['byte-order', itemSize(dtype) === 1 ? 'dont-care' : 'little-endian'],
    ['record-by', recordedBy(arrangement)],
    ...calibration('width', sides.width),
    ...calibration('height', sides.height),
    ...calibration('depth', sides.depth),
    ...described(signal, recordBy === 'vector' ? sides.depth : undefined),
  ];
  // a semicolon would begin a remark
  const lines = pairs.map(([key, value]) => `${key}\t${String(value).replaceAll(';', ',')}`);
  return `${lines.join('\n')}\n`;
}

/** The two files of a ripple pair, whichever of them is named. */
export const ripplePaths = (path: string): { header: string; data: string } => {
  const stem = path.slice(0, path.length - extname(path).length);
  return { header: path, data: `${stem}.raw` };
};

/**
 * Writes spectra or images as a Lispix/NIST ripple pair: NAME.rpl and NAME.raw.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what the pixels throw
 */
export const writeRipple: WriteSignal = async (path, signal, options) => {
  const paths = ripplePaths(path);
  const dtype = storedType(signal.dtype);
  const arrangement = arrange(signal);
  await requireSpace(path, elementCount(signal.shape) * itemSize(dtype));
  await writeDataAndHeader(paths, encodeHeader(headerText(signal, arrangement, dtype)), options, (file) =>
    writeInOrder(file, paths.data, signal, { at: 0, order: arrangement.order, dtype }),
  );
  return {
    files: [paths.header, paths.data],
    notes: dtype === signal.dtype ? [] : [`${signal.dtype} is written as ${dtype}, which ripple has.`],
  };
};
