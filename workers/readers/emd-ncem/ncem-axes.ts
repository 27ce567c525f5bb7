import { plainAxis, type Axis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { calibrationOf } from '../hdf5-axes.ts';
import { typeClass } from '../hdf5-dtype.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { describeDataset, readAttributes, readDatasetNumbers } from '../hdf5-values.ts';
import { textOf } from './ncem-signals.ts';
import { readUnits } from './ncem-units.ts';

/** What a `dimN` data set says: coordinates (all of them, or the first two, or one), a name and a unit. */
export interface Dim {
  name: string;
  units: string | null;
  /** null for names of what was recorded (texts) */
  values: Float64Array | null;
  /** number of entries */
  length: number;
}

export function readDim(file: Hdf5File, path: string, warnings: string[]): Dim {
  try {
    const attributes = readAttributes(file, path, warnings);
    const type = describeDataset(file, path);
    const isText = type.type === typeClass.string;
    const values = isText ? null : (readDatasetNumbers(file, path)?.values ?? null);
    return {
      name: textOf(attributes.get('name')) ?? '',
      units: readUnits(textOf(attributes.get('units')) ?? ''),
      values,
      length: values?.length ?? type.shape?.[0] ?? 0,
    };
  } catch (thrown) {
    if (!(thrown instanceof EigenscopeError) || thrown.cause instanceof WebAssembly.RuntimeError) throw thrown;
    warnings.push(thrown.message);
    return { name: '', units: null, values: null, length: 0 };
  }
}

/** The axis of `size` indices that a dim describes. */
export function axisOf(dim: Dim | undefined, size: number, navigate: boolean, warnings: string[]): Axis {
  const axis = plainAxis(dim?.name ?? '', size, navigate);
  if (dim === undefined || dim.values === null) return axis;
  const { values, units, name } = dim;
  const finite = (i: number): number | null => (Number.isFinite(values[i] ?? NaN) ? values[i]! : null);
  if (values.length === size) {
    const calibration = calibrationOf(values, size);
    if (calibration !== null) return { ...axis, units, ...calibration };
  }
  const [first, second] = [finite(0), finite(1)];
  // two values are the first coordinate and the next, one is the first
  if (values.length === 2 && first !== null && second !== null && second !== first) {
    return { ...axis, units, offset: first, scale: second - first };
  }
  if (values.length === 1 && first !== null) return { ...axis, units, offset: first };
  warnings.push(
    `The axis ${name === '' ? '' : `“${name}” `}has ${values.length} coordinates for ${size} values that do not fit; indices are shown.`,
  );
  return axis;
}

/** Whether dims fit the sizes of an array in their order: where a dim tells the size at all (2 and 1 tell none). */
function fits(dims: readonly Dim[], shape: readonly number[]): boolean {
  return dims.every((dim, i) => dim.length <= 2 || dim.length === shape[i]);
}

/** Whether an axis is one of spectra. */
export const isEnergy = ({ name, units }: Dim): boolean =>
  /^(?:k|m)?eV$/.test(units ?? '') || /^(?:energy|e|.*(?:energy|wavelength).*)$/i.test(name);

const isAcross = (name: string): boolean => /^(?:[rq]?_?x|x.*|width|columns?)$/i.test(name);
const isDown = (name: string): boolean => /^(?:[rq]?_?y|y.*|height|rows?)$/i.test(name);

export interface Arrangement {
  /** stored axis of every axis of the signal */
  order: number[];
  /** dim of every axis of the signal */
  dims: (Dim | undefined)[];
}

/**
 * Whether the array was written with its axes reversed. HyperSpy writes so, and Prismatic its images of a plane ("realslice",
 * x before y); arrays whose dims fit only backwards are of the same kind. Others are as they are to be read.
 */
export function arrange(
  shape: readonly number[],
  dims: readonly Dim[],
  told: { isHyperspy: boolean; dataName: string; isModern: boolean },
): Arrangement {
  const rank = shape.length;
  const straight: Arrangement = { order: [...shape.keys()], dims: shape.map((_, i) => dims[i]) };
  if (told.isModern || told.dataName === 'datacube') return straight;
  const reversed = { order: straight.order.toReversed(), dims: straight.dims.toReversed() };
  if (told.isHyperspy) return reversed;
  const backwards = dims.length === rank && !fits(dims, shape) && fits(dims.toReversed(), shape);
  // the first dim is then of the last stored axis: read back to front, they are in the order of the dims
  if (backwards) return { order: reversed.order, dims: straight.dims };
  const xFirst = isAcross(dims[0]?.name ?? '') && isDown(dims[1]?.name ?? '');
  const nameless = dims.every(({ name }) => name === '');
  return xFirst || nameless || told.dataName === 'realslice' ? reversed : straight;
}

/**
 * Spectra that do not lie along the last axis (images of one energy each) are brought there, and the places before them
 * into the order of reading, y before x.
 */
export function spectraLast({ order, dims }: Arrangement): Arrangement {
  const energies = dims.flatMap((dim, i) => (dim !== undefined && isEnergy(dim) ? [i] : []));
  const [energy] = energies;
  if (energy === undefined || energies.length !== 1 || dims.length < 2) return { order, dims };
  const places = [...order.keys()].filter((i) => i !== energy);
  const [x, y] = places.slice(-2);
  const isXFirst = places.length >= 2 && isAcross(dims[x!]?.name ?? '') && isDown(dims[y!]?.name ?? '');
  const sorted = [...(isXFirst ? [...places.slice(0, -2), y!, x!] : places), energy];
  return { order: sorted.map((i) => order[i]!), dims: sorted.map((i) => dims[i]) };
}
