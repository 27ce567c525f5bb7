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

/** Records from the one that has a mean to be added up: itself, or what it was computed from. */
function meanOwner(lineage: readonly ResultRecord[]): ResultRecord | undefined {
  return lineage.find((record) => record.arrays['mean'] !== undefined);
}

/**
 * The model of the first k components of a decomposition or a separation. A separation mixes the components anew and
 * keeps no mean of its own: that of its decomposition belongs to its model too (spec section 11).
 * @param lineage the result, what it was computed from, and so on
 * @throws EigenscopeError `not-found` when the result has no components, `parameter-out-of-range` for k
 */
export async function componentModel(
  lineage: readonly [ResultRecord, ...ResultRecord[]],
  array: (record: ResultRecord, name: string) => Promise<ResultArray>,
  k: number,
): Promise<ComponentModel> {
  const [record] = lineage;
  const prefix = record.arrays['bss_factors'] === undefined ? '' : 'bss_';
  const [factors, loadings] = [await array(record, `${prefix}factors`), await array(record, `${prefix}loadings`)];
  const most = factors.shape[1] ?? 0;
  if (k < 1 || k > most) {
    throw new EigenscopeError('parameter-out-of-range', `“${record.name}” has ${most} components; got ${k}.`, {
      k,
      most,
    });
  }
  const owner = meanOwner(lineage);
  const mean = owner === undefined ? null : await array(owner, 'mean');
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
