import type { InputArray } from '../../../job.ts';
import { columns, createMatrix, transpose, type Matrix } from '../../../linalg/matrix.ts';
import { qrThin } from '../../../linalg/qr.ts';
import { createRandom } from '../../../linalg/random.ts';
import { viewShape } from '../../../matrix-view.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { readSamples } from '../online/samples.ts';
import type { Selection } from '../pipeline/masks.ts';

export interface StartRequest {
  init: 'qr' | 'rand' | 'array';
  k: number;
  seed: number;
  array: InputArray | undefined;
  /** the side that the entries of a sample belong to, and its name */
  entries: Selection;
  what: 'pixels' | 'channels';
}

/**
 * The subspace to start from, entries × k. `qr`: the directions of the first samples in their order. The first k columns
 * of a QR decomposition depend on the first k columns of the matrix alone, so further training samples would change
 * nothing and are not read; with fewer samples than that the rest is made of unit vectors.
 *
 * @throws EigenscopeError `shape-mismatch`, `not-finite` for the given array
 */
export function startSubspace(samples: MatrixView, request: StartRequest): Matrix {
  const { init, k, seed } = request;
  const entries = viewShape(samples).cols;
  if (init === 'array') return takeArray(request);
  if (init === 'rand') {
    const random = createRandom(seed);
    const values = Float64Array.from({ length: entries * k }, () => random.gaussian());
    return qrThin(createMatrix(entries, k, values)).q;
  }
  const first = readSamples(samples, k);
  return columns(qrThin(transpose(createMatrix(first.rows, first.cols, first.data))).q, k);
}

function takeArray({ array, k, entries, what }: StartRequest): Matrix {
  const { size, kept, keptCount } = entries;
  const [rows = 0, cols = 0] = array?.shape ?? [];
  if (!array || array.shape.length !== 2 || cols !== k || (rows !== size && rows !== keptCount)) {
    throw new EigenscopeError(
      'shape-mismatch',
      `init_array has shape (${array?.shape.join(', ') ?? ''}); (${size}, ${k}) is needed, a row for each of the ${what} ` +
        `and a column for each component${keptCount < size ? `, or (${keptCount}, ${k}) without those that are masked` : ''}.`,
      { parameter: 'init_array', found: array?.shape.join(' × ') ?? '', expected: `${size} × ${k}` },
    );
  }
  const start = createMatrix(keptCount, k);
  for (let i = 0; i < keptCount; i++) {
    const from = (rows === size && kept ? kept[i]! : i) * k;
    start.data.set(array.data.subarray(from, from + k), i * k);
  }
  const bad = start.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new EigenscopeError(
      'not-finite',
      `init_array must hold finite numbers; row ${Math.floor(bad / k)}, column ${bad % k} is ${start.data[bad]}.`,
      { parameter: 'init_array' },
    );
  }
  return start;
}
