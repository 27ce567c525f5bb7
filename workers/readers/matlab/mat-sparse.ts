import { isDType, itemSize } from '../../model/dtype.ts';
import { componentsToFloat64, elementsOver } from '../elements.ts';
import { corrupt } from '../file-bytes.ts';
import { makeNative } from '../raw-pixels.ts';
import type { MatRange, MatSparse, MatTriplets } from './mat-node.ts';
import type { MatPlan, WantedBytes } from './mat-pixels.ts';

/** The numbers of a range as float64. */
function* numbersOf(plan: MatPlan, range: MatRange): Generator<WantedBytes, Float64Array> {
  if (!isDType(range.dtype)) throw corrupt(plan.path, 'an array has no known type', 'a type of numbers was expected');
  const count = Math.floor(range.bytes / itemSize(range.dtype));
  const bytes = new Uint8Array(count * itemSize(range.dtype));
  yield { position: range.offset, target: bytes };
  makeNative(bytes, range.dtype, plan);
  return componentsToFloat64(elementsOver(bytes.buffer, 0, count, range.dtype), range.dtype);
}

/** Sets one element of the unfolded matrix; rows and columns are checked against its size. */
function placer(plan: MatPlan, size: readonly number[], target: Uint8Array) {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  // the column-major index, split over the stored axes (which may be split further by hints), gives the place
  const { storedShape, storedStrides, dtype } = plan;
  const [rows = 0, columns = 0] = size;
  return (row: number, column: number, re: number, im: number): void => {
    // places are stored as any type of numbers: fractions are none
    const isPlace = Number.isInteger(row) && Number.isInteger(column);
    if (!(isPlace && row >= 0 && row < rows && column >= 0 && column < columns)) {
      throw corrupt(
        plan.path,
        `a sparse matrix has an element at (${row + 1}, ${column + 1})`,
        `its size is ${rows} × ${columns}`,
      );
    }
    let rest = column * rows + row;
    let at = 0;
    for (let axis = storedShape.length - 1; axis >= 0; axis--) {
      const n = storedShape[axis]!;
      at += (rest % n) * storedStrides[axis]!;
      rest = Math.floor(rest / n);
    }
    if (dtype === 'bool') view.setUint8(at, re === 0 ? 0 : 1);
    else if (dtype === 'float64') view.setFloat64(8 * at, re, true);
    else {
      view.setFloat64(16 * at, re, true);
      view.setFloat64(16 * at + 8, im, true);
    }
  };
}

/** A sparse matrix as an ordinary array; the target is zero where nothing is stored. */
export function* decodeSparse(plan: MatPlan, target: Uint8Array): Generator<WantedBytes> {
  const array = plan.array as unknown as MatSparse | MatTriplets;
  const place = placer(plan, array.size, target);
  if (array.kind === 'triplets') {
    const table = yield* numbersOf(plan, array.table);
    const length = array.entries + 1;
    for (let i = 0; i < array.entries; i++) {
      const im = array.complex ? table[3 * length + i]! : 0;
      place(table[i]! - 1, table[length + i]! - 1, table[2 * length + i]!, im);
    }
    return;
  }
  const rows = yield* numbersOf(plan, array.rows);
  const starts = yield* numbersOf(plan, array.columnStarts);
  const re = yield* numbersOf(plan, array.real);
  const im = array.imaginary === null ? null : yield* numbersOf(plan, array.imaginary);
  const stored = Math.min(rows.length, re.length, im?.length ?? Infinity);
  for (let column = 0; column < array.size[1]!; column++) {
    const first = starts[column]!;
    const end = starts[column + 1]!;
    if (!(first >= 0 && first <= end && end <= stored)) {
      throw corrupt(
        plan.path,
        `column ${column + 1} of a sparse matrix holds elements ${first} to ${end}`,
        `${stored} are stored`,
      );
    }
    for (let i = first; i < end; i++) place(rows[i]!, column, re[i]!, im === null ? 0 : im[i]!);
  }
}
