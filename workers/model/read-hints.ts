import type { DType } from './dtype.ts';
import { isDType } from './dtype.ts';
import { EigenscopeError } from './errors.ts';

/** An array of numbers without any header, as a person describes it. The shape comes with the other hints. */
export interface RawArrayHints {
  dtype: DType;
  /** bytes before the first number */
  offset: number;
  littleEndian: boolean;
  /** which axes are written slowest: spectra one after another, or one image after another */
  order: 'spectra' | 'images';
}

/** What a person may say about a file that does not say it itself, or of which only a part is wanted. */
export interface ReadHints {
  /** HDF5: path of the data set to open; NPZ: member name */
  dataset?: string;
  navigationShape?: readonly number[];
  signalShape?: readonly number[];
  axes?: readonly { name?: string; units?: string; scale?: number; offset?: number }[];
  /** recordings of repeated sweeps: the frames to read, the end exclusive; all when absent */
  frames?: readonly [first: number, end: number];
  /** repeated sweeps: false keeps every frame on an axis of its own instead of summing them */
  sumFrames?: boolean;
  /** several detectors recorded together: the one to read instead of their sum, by index from 0 */
  detector?: number;
  raw?: RawArrayHints;
}

const refuse = (path: string, message: string): never => {
  throw new EigenscopeError('bad-request', `${path}: ${message}`, { path });
};

function countsAt(value: unknown, path: string, least: number): number[] {
  if (!Array.isArray(value) || value.length > 8) return refuse(path, 'must be a list of up to 8 whole numbers.');
  const wrong = value.findIndex((n) => !(Number.isSafeInteger(n) && (n as number) >= least));
  return wrong < 0 ? (value as number[]) : refuse(`${path}[${wrong}]`, `must be a whole number from ${least}.`);
}

function rawAt(value: unknown, path: string): RawArrayHints {
  if (typeof value !== 'object' || value === null) return refuse(path, 'must be an object.');
  const { dtype, offset = 0, littleEndian = true, order = 'spectra' } = value as Record<string, unknown>;
  if (typeof dtype !== 'string' || !isDType(dtype))
    return refuse(`${path}.dtype`, 'must be an element type such as uint16.');
  if (!Number.isSafeInteger(offset) || (offset as number) < 0) {
    return refuse(`${path}.offset`, 'must be a whole number of bytes from 0.');
  }
  if (typeof littleEndian !== 'boolean') return refuse(`${path}.littleEndian`, 'must be true or false.');
  if (order !== 'spectra' && order !== 'images') return refuse(`${path}.order`, 'must be “spectra” or “images”.');
  return { dtype, offset: offset as number, littleEndian, order };
}

/** The hints among some fields, checked; fields that are no hints are left to the caller. */
export function parseReadHints(fields: Readonly<Record<string, unknown>>, path: string): Omit<ReadHints, 'axes'> {
  const { dataset, navigationShape, signalShape, frames, sumFrames, detector, raw } = fields;
  const hints: Omit<ReadHints, 'axes'> = {};
  if (dataset !== undefined) {
    hints.dataset =
      typeof dataset === 'string' && dataset !== '' ? dataset : refuse(`${path}.dataset`, 'must be text.');
  }
  if (navigationShape !== undefined) hints.navigationShape = countsAt(navigationShape, `${path}.navigationShape`, 1);
  if (signalShape !== undefined) hints.signalShape = countsAt(signalShape, `${path}.signalShape`, 1);
  if (frames !== undefined) {
    const [first, end, ...more] = countsAt(frames, `${path}.frames`, 0);
    if (first === undefined || end === undefined || more.length > 0 || end <= first) {
      return refuse(`${path}.frames`, 'must be the first frame and the end, which comes after it.');
    }
    hints.frames = [first, end];
  }
  if (sumFrames !== undefined) {
    hints.sumFrames =
      typeof sumFrames === 'boolean' ? sumFrames : refuse(`${path}.sumFrames`, 'must be true or false.');
  }
  if (detector !== undefined) {
    hints.detector =
      Number.isSafeInteger(detector) && (detector as number) >= 0
        ? (detector as number)
        : refuse(`${path}.detector`, 'must be a whole number from 0.');
  }
  if (raw !== undefined) hints.raw = rawAt(raw, `${path}.raw`);
  return hints;
}

/** Names of all hints but the axes, in the order of the form. */
export const hintNames = [
  'dataset',
  'navigationShape',
  'signalShape',
  'frames',
  'sumFrames',
  'detector',
  'raw',
] as const satisfies readonly (keyof ReadHints)[];
