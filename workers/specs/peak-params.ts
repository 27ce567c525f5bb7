import type { ParamSet } from './param.ts';

/** Which maps of a fit of peaks take part, where pixels are compared by one. */
export const peakParams = {
  peak_parameters: {
    kind: 'choice',
    default: null,
    options: [
      { value: 'position', label: 'Positions' },
      { value: 'width', label: 'Widths' },
      { value: 'height', label: 'Heights' },
      { value: 'area', label: 'Areas' },
      { value: 'position_width', label: 'Positions and widths' },
      { value: 'position_height', label: 'Positions and heights' },
      { value: 'width_height', label: 'Widths and heights' },
      { value: 'position_width_height', label: 'Positions, widths and heights' },
    ],
    label: 'Of the peaks',
    help: 'Which maps take part when pixels are compared by a fit of peaks. Maps of different units need “Equal variance of every channel”.',
    optional: 'positions',
  },
  peak_list: {
    kind: 'components',
    default: null,
    label: 'Only these peaks',
    help: 'Which of the fitted peaks take part, in the order of the fit.',
    optional: 'all peaks',
  },
} as const satisfies ParamSet;

/** Sources that are no fit of peaks. */
const words = ['signal', 'decomposition', 'bss'];

/** A choice among peaks where something else than a fit of peaks is compared. */
export function peakConflict(values: {
  peak_parameters?: string | null;
  peak_list?: number | readonly number[] | null;
  cluster_source: string | null;
}): { param: string; message: string } | null {
  const param = (['peak_parameters', 'peak_list'] as const).find((one) => (values[one] ?? null) !== null);
  const source = values.cluster_source ?? 'signal';
  if (param === undefined || !words.includes(source)) return null;
  return {
    param,
    message: `${param} chooses among the maps of a fit of peaks; cluster_source is ${source}. Name the fit there, or leave it empty.`,
  };
}
