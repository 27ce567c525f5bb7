import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultArray, ResultRecord } from '../../workers/model/result.ts';
import type { ComponentModel } from '../../workers/tasks/residual.ts';

/** The first k columns of a matrix, in shared memory: the message to a thread carries a reference alone. */
function firstColumns(matrix: ResultArray, k: number): Float64Array<SharedArrayBuffer> {
  const [rows = 0, cols = 0] = matrix.shape;
  const kept = new Float64Array(new SharedArrayBuffer(rows * k * Float64Array.BYTES_PER_ELEMENT));
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < k; c++) kept[r * k + c] = matrix.data[r * cols + c]!;
  }
  return kept;
}

/**
 * The model of the first k components of a decomposition.
 * @throws EigenscopeError `not-found` when the result has no components, `parameter-out-of-range` for k
 */
export async function componentModel(
  record: ResultRecord,
  array: (name: string) => Promise<ResultArray>,
  k: number,
): Promise<ComponentModel> {
  const [factors, loadings] = [await array('factors'), await array('loadings')];
  const most = factors.shape[1] ?? 0;
  if (k < 1 || k > most) {
    throw new EigenscopeError('parameter-out-of-range', `“${record.name}” has ${most} components; got ${k}.`, {
      k,
      most,
    });
  }
  const mean = record.arrays['mean'] === undefined ? null : await array('mean');
  return {
    factors: firstColumns(factors, k),
    loadings: firstColumns(loadings, k),
    k,
    mean:
      mean === null
        ? null
        : {
            over: mean.data.length === factors.shape[0] && mean.shape.at(-1) !== 1 ? 'features' : 'samples',
            values: Float64Array.from(mean.data),
          },
  };
}
