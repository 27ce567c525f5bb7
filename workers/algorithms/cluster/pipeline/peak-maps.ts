import type { InputArray } from '../../../job.ts';
import { EigenscopeError } from '../../../model/errors.ts';

/** Which maps of a fit of peaks are clustered. */
export interface PeakChoice {
  /** null: the positions */
  peak_parameters: PeakParameters | null;
  /** the first n peaks, or those listed from 0 on; null: all */
  peak_list: number | readonly number[] | null;
}

export type PeakParameters =
  | 'position'
  | 'width'
  | 'height'
  | 'area'
  | 'position_width'
  | 'position_height'
  | 'width_height'
  | 'position_width_height';

/** Columns of every peak in the maps of a fit: position, width, height. */
const columnsPerPeak = 3;
const places: Readonly<Record<string, number>> = { position: 0, width: 1, height: 2 };

/** ∫ h exp(−x² / 2σ²) dx = h σ √(2π), per h times the width as it is given. */
const areaPerWidth = { sigma: Math.sqrt(2 * Math.PI), fwhm: Math.sqrt(Math.PI / (4 * Math.LN2)) } as const;

/**
 * The maps of a fit of peaks that are clustered, peak after peak.
 * @param maps [samples × 3 peaks], row-major: position, width and height of each peak
 * @returns [samples × columns], row-major; areas are height × width × a constant of the Gaussian, in units of both
 * @throws EigenscopeError `parameter-out-of-range` for a peak that was not fitted
 */
export function choosePeakMaps(
  maps: Float64Array,
  samples: number,
  { count, width }: NonNullable<InputArray['peaks']>,
  { peak_parameters: asked, peak_list: list }: PeakChoice,
): { data: Float64Array; columns: number } {
  const peaks = Array.isArray(list)
    ? [...(list as number[])]
    : Array.from({ length: (list as number | null) ?? count }, (_, i) => i);
  const outside = peaks.find((peak) => peak >= count);
  if (outside !== undefined) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `peak_list asks for ${Array.isArray(list) ? `peak ${outside}` : `the first ${list}`}, but ${count} ${count === 1 ? 'peak was' : 'peaks were'} fitted (indices 0 to ${count - 1}).`,
      { parameter: 'peak_list', available: count },
    );
  }
  const kinds = (asked ?? 'position').split('_');
  const columns = peaks.length * kinds.length;
  const data = new Float64Array(samples * columns);
  let column = 0;
  for (const peak of peaks) {
    for (const kind of kinds) {
      const first = columnsPerPeak * peak;
      for (let i = 0; i < samples; i++) {
        const at = i * columnsPerPeak * count + first;
        data[i * columns + column] =
          kind === 'area' ? maps[at + 1]! * maps[at + 2]! * areaPerWidth[width] : maps[at + places[kind]!]!;
      }
      column++;
    }
  }
  return { data, columns };
}

/**
 * @param param what names the source
 * @throws EigenscopeError `bad-request` for a choice among peaks where the source is no fit of peaks
 */
export function refusePeakChoice(choice: PeakChoice, param: string): void {
  const asked = (['peak_parameters', 'peak_list'] as const).find((one) => choice[one] !== null);
  if (asked === undefined) return;
  throw new EigenscopeError(
    'bad-request',
    `${asked} chooses among the maps of a fit of peaks, but ${param} names something else. Name a fit there, or leave ${asked} empty.`,
    { parameter: asked },
  );
}
