import { EigenscopeError } from '../../model/errors.ts';
import type { RunInput } from '../../job.ts';
import type { AlgorithmOutput, ResultArray } from '../../model/result.ts';

type FloatArray = Extract<ResultArray, { dtype: 'float64' }>;

/** The arrays of components in a result: of a decomposition, or of a separation. */
export interface ComponentArrays {
  factors: FloatArray;
  loadings: FloatArray;
  k: number;
}

/**
 * Factors and loadings of the parent result.
 * @param names of the arrays, e.g. factors and loadings, or bss_factors and bss_loadings
 * @throws EigenscopeError `bad-request` when the parent is not such a result
 */
export function parentComponents(
  input: RunInput,
  names: { factors: string; loadings: string } = { factors: 'factors', loadings: 'loadings' },
): ComponentArrays & { parent: NonNullable<RunInput['parent']> } {
  const factors = input.parent?.arrays[names.factors];
  const loadings = input.parent?.arrays[names.loadings];
  if (!input.parent || factors?.dtype !== 'float64' || loadings?.dtype !== 'float64') {
    throw new EigenscopeError(
      'bad-request',
      'This works on the components of a decomposition, but the step is not applied to one. Run a decomposition first ' +
        'and apply the step to it.',
      { needed: names.factors },
    );
  }
  return { factors, loadings, k: factors.shape[1] ?? 1, parent: input.parent };
}

/**
 * The component indices that are meant: all when null, the first n, or those listed.
 * @param param what asks for them
 */
export function chosenComponents(
  components: number | readonly number[] | null,
  k: number,
  param = 'components',
): number[] {
  const isCount = typeof components === 'number';
  const outside = isCount ? (components > k ? components : undefined) : components?.find((index) => index >= k);
  if (outside !== undefined) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `${param} asks for ${isCount ? 'the first' : 'component'} ${outside}, but there are ${k} (indices 0 to ${k - 1}).`,
      { parameter: param, asked: outside, available: k },
    );
  }
  if (components !== null && !isCount) return [...components];
  return Array.from({ length: components ?? k }, (_, i) => i);
}

/** A copy of the parent's arrays and scalars, with some arrays replaced: a derived result, the parent stays as it is. */
export function deriveFrom(
  parent: AlgorithmOutput,
  arrays: Record<string, ResultArray>,
  notes: string[],
): AlgorithmOutput {
  return { arrays: { ...parent.arrays, ...arrays }, scalars: { ...parent.scalars }, notes };
}

/** The chosen columns of a [rows × k] array, one row after the other. */
export function pickColumns({ data, shape }: FloatArray, columns: readonly number[]): Float64Array {
  const k = shape[1] ?? 1;
  const rows = shape[0] ?? 0;
  const count = columns.length;
  const out = new Float64Array(rows * count);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < count; j++) out[i * count + j] = data[i * k + columns[j]!]!;
  }
  return out;
}
