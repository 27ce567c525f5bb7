import type { Job, RunInput } from '../../../job.ts';
import { elementCount } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { shareFloats } from '../../../passes/share.ts';
import type { Selection } from '../pipeline/masks.ts';
import type { VarianceModel, VarianceName } from './variance.ts';

export interface VarianceValues {
  var_func: VarianceName | readonly number[] | null;
}

/** The variances of a run, for any selection of pixels and channels. */
export interface VarianceSource {
  /** of kept pixels × kept channels */
  kept: VarianceModel;
  /** of other pixels or channels; null where they are not known: an array that covers the kept ones alone */
  of(pixels: Int32Array | undefined, channels: Int32Array | undefined): VarianceModel | null;
}

/**
 * Variances from `var_array`, from `var_func`, or else the data themselves.
 * @throws EigenscopeError `shape-mismatch` naming the shape found and those that are taken
 */
export function findVariances(
  input: RunInput,
  values: VarianceValues,
  pixels: Selection,
  channels: Selection,
  job: Job,
): VarianceSource {
  const array = input.inputs['var_array'];
  if (!array) {
    const { var_func: given } = values;
    const model: VarianceModel =
      given === null || typeof given === 'string'
        ? { kind: 'named', name: given ?? 'poisson' }
        : { kind: 'polynomial', coefficients: given };
    return { kept: model, of: () => model };
  }
  const size = [pixels.size, channels.size];
  const left = [pixels.keptCount, channels.keptCount];
  const full = [...input.navigationShape, ...input.signalShape];
  const covers = (shape: readonly number[]): boolean => sameShape(array.shape, shape);
  const isFull = covers(full) || covers(size);
  const count = isFull ? elementCount(size) : elementCount(left);
  if (!(isFull || covers(left)) || array.data.length !== count) {
    const masked = pixels.keptCount < pixels.size || channels.keptCount < channels.size;
    throw new EigenscopeError(
      'shape-mismatch',
      `var_array has shape (${array.shape.join(', ')}); (${full.join(', ')}) is needed, the shape of the data` +
        `${masked ? `, or (${left.join(', ')}), the pixels and channels that the masks leave` : ''}.`,
      { parameter: 'var_array', found: array.shape.join(' × '), expected: full.join(' × ') },
    );
  }
  const [samples, features] = (isFull ? size : left) as [number, number];
  const { buffer } = shareFloats(job, array.data);
  const source = { kind: 'shared' as const, buffer, dtype: 'float64' as const, samples, features };
  const viewOf = (rows: Int32Array | undefined, columns: Int32Array | undefined): MatrixView => ({
    source,
    ...(rows ? { rows } : {}),
    ...(columns ? { columns } : {}),
  });
  return isFull
    ? {
        kept: { kind: 'array', view: viewOf(pixels.kept, channels.kept) },
        of: (rows, columns) => ({ kind: 'array', view: viewOf(rows, columns) }),
      }
    : { kept: { kind: 'array', view: viewOf(undefined, undefined) }, of: () => null };
}

/** Equal but for axes of length 1. */
function sameShape(a: readonly number[], b: readonly number[]): boolean {
  const [x, y] = [a.filter((n) => n !== 1), b.filter((n) => n !== 1)];
  return x.length === y.length && x.every((n, i) => n === y[i]);
}
