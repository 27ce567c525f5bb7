import { corrupt } from '../file-bytes.ts';
import type { TablePlan } from './arrange.ts';
import type { Dialect } from './dialect.ts';
import type { RowsRead } from './number-rows.ts';
import { readRows } from './number-rows.ts';
import { placeOf } from './place.ts';
import type { TextBytes } from './text-bytes.ts';

/**
 * Reads all values of a table into their places.
 * @param target float64 in the order of the signal's axes; NaN where the table has none
 * @throws EigenscopeError `corrupt-file` when a line has another number of fields, or the lines are not as many as before
 */
export function decodeTable(
  text: TextBytes,
  dialect: Dialect,
  plan: TablePlan,
  path: string,
  target: Float64Array,
  step?: (characters: number) => void,
): RowsRead {
  const { mode, rows, skip, take, channels, place } = plan;
  const pixels = target.length / channels;
  const put = (values: Float64Array, r: number): void => {
    if (r >= rows) return;
    if (mode === 'columns') {
      for (let c = 0, at = r; c < take; c++, at += channels) target[at] = values[skip + c]!;
    } else if (mode === 'rows') {
      target.set(values.subarray(skip, skip + take), placeOf(place, r) * channels);
    } else {
      const pixel = mode === 'pixels' ? Math.floor(r / channels) : r % pixels;
      const channel = mode === 'pixels' ? r % channels : Math.floor(r / pixels);
      target[placeOf(place, pixel) * channels + channel] = values[skip]!;
    }
  };
  const read = readRows(text, dialect, path, put, dialect.columns, step);
  if (read.rows < rows) throw corrupt(path, `it has ${read.rows} lines of numbers`, `${rows} were counted before`);
  return read;
}
