import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { allPreparations } from '../../workers/specs/preparations.ts';
import { thresholdMask } from '../../workers/algorithms/features/threshold_mask/spec.ts';

/** Steps that belong together in the list. */
export interface StepGroup {
  title: string;
  specs: readonly AlgorithmSpec[];
}

const order: readonly (readonly [title: string, ids: readonly string[]])[] = [
  ['Cut', ['crop', 'select_region', 'select_pixels']],
  ['Repair', ['remove_spikes', 'remove_dead_pixels']],
  ['Correct', ['align_peak', 'remove_background', 'smooth', 'normalize', 'derivative', 'reflectance']],
  ['Arrange', ['rebin', 'reduce_axis', 'transpose', 'set_axis', 'stack', 'merge']],
  ['Type', ['change_dtype', 'complex_part']],
  ['Mask', ['threshold_mask']],
];

/** In the list, where the group tells the rest; elsewhere a step has its full title. */
const shortTitles: Readonly<Record<string, string>> = {
  select_region: 'Region of the map',
  select_pixels: 'Pixels of a mask',
  remove_spikes: 'Spikes',
  remove_dead_pixels: 'Dead and hot pixels',
  align_peak: 'Align to a peak',
  remove_background: 'Background',
  reflectance: 'Dark and white reference',
  reduce_axis: 'Sum or mean over an axis',
  transpose: 'Exchange axes',
  set_axis: 'Calibrate an axis',
  stack: 'Stack',
  merge: 'Merge along an axis',
  change_dtype: 'Number type',
  complex_part: 'Part of complex or colour',
  threshold_mask: 'By threshold',
};
export const listTitle = (spec: Pick<AlgorithmSpec, 'id' | 'title'>): string => shortTitles[spec.id] ?? spec.title;

/** Every step that the panel offers: those that make data of data, and the mask by threshold. */
export const allSteps: readonly AlgorithmSpec[] = [...allPreparations, thresholdMask];

export const stepOf = (id: string): AlgorithmSpec | null => allSteps.find((spec) => spec.id === id) ?? null;

/** All steps in groups, in the order of work; a step that no group names stands in the last one. */
export function groupsOf(specs: readonly AlgorithmSpec[]): readonly StepGroup[] {
  const named = new Set(order.flatMap(([, ids]) => ids));
  const groups = order.map(([title, ids]) => ({
    title,
    specs: ids.flatMap((id) => specs.filter((spec) => spec.id === id)),
  }));
  const others = specs.filter((spec) => !named.has(spec.id));
  return [...groups, { title: 'More', specs: others }].filter((group) => group.specs.length > 0);
}

export const stepGroups: readonly StepGroup[] = groupsOf(allSteps);
