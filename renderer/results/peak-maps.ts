import type { ResultRecord } from '../../workers/model/result.ts';
import { signalAxes } from '../../workers/model/signal.ts';
import { printUnits } from '../../workers/figure/si-units.ts';

/** Parameters of fitted peaks for every pixel. */
export const hasPeakMaps = (record: Pick<ResultRecord, 'arrays'>): boolean => 'parameter_maps' in record.arrays;

/** One map of a fit: a column of an array [pixels × columns], or the array itself. */
export interface PeakMap {
  id: string;
  /** "Position 1" */
  title: string;
  /** empty when unknown */
  unit: string;
  array: string;
  column: number;
  columns: number;
}

type Held = Pick<ResultRecord, 'arrays' | 'scalars' | 'parameters' | 'axes'>;

/** Names that a result stores for the columns of an array; anything unreadable gives numbers. */
function namesIn(stored: unknown, count: number): string[] {
  let names: unknown = null;
  try {
    names = typeof stored === 'string' ? JSON.parse(stored) : null;
  } catch {
    // not ours
  }
  return Array.from({ length: count }, (_, i) => {
    const name: unknown = Array.isArray(names) ? names[i] : null;
    return typeof name === 'string' && name !== '' ? name : `parameter ${i + 1}`;
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The maps of a fit in the order of its columns, then background and what the fit leaves. `units` are those of the data. */
export function peakMaps(record: Held, units: string | null): PeakMap[] {
  const axis = printUnits(signalAxes(record.axes)[0]?.units ?? null) ?? '';
  const value = printUnits(units) ?? '';
  const unitOf = (name: string): string => {
    if (/^(position|width)/.test(name)) return axis;
    if (name.startsWith('slope')) return value !== '' && axis !== '' ? `${value}/${axis}` : '';
    return name.startsWith('exponent') || name.startsWith('parameter') ? '' : value;
  };
  const columnsOf = (array: string, stored: unknown): PeakMap[] => {
    const columns = record.arrays[array]?.shape[1] ?? 0;
    return namesIn(stored, columns).map((name, column) => ({
      id: `${array} ${column}`,
      title: capital(name),
      unit: unitOf(name),
      array,
      column,
      columns,
    }));
  };
  const left = { id: 'residual_rms', title: 'Residual', unit: value, array: 'residual_rms', column: 0, columns: 1 };
  return [
    ...columnsOf('parameter_maps', record.scalars['parameter_names']),
    ...columnsOf('background_maps', record.scalars['background_names']),
    ...('residual_rms' in record.arrays ? [left] : []),
  ];
}

/** Values per pixel of one column, NaN where there is none. */
export function columnOf(data: ArrayLike<number>, column: number, columns: number): Float64Array {
  const out = new Float64Array(Math.floor(data.length / columns));
  for (let p = 0; p < out.length; p++) out[p] = data[p * columns + column] as number;
  return out;
}
