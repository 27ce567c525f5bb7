import type { DatasetSummary } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import type { Param } from '../../workers/specs/param.ts';
import { inputChoices, type InputChoice } from '../forms/input-choices.ts';
import { maskCandidates } from '../forms/mask-candidates.ts';
import type { FormValues } from '../forms/form-model.ts';

type InputParam = Param & { kind: 'input' };

const sizes = (axes: readonly { size: number }[]): number[] => axes.map((axis) => axis.size);
const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** Arrays of results that can stand for one value or more per pixel. */
const perPixel = ['parameter_maps', 'embedding', 'bss_loadings', 'loadings'];

/**
 * What can be chosen for an input of a method: masks by their shape; where words are offered for values per pixel
 * (`words`), also results and data of the same area; components of another origin are spectra one after another.
 */
export function choicesFor(
  id: string,
  param: InputParam,
  values: FormValues,
  target: DatasetSummary,
  datasets: readonly DatasetSummary[],
  results: readonly ResultRecord[],
): InputChoice[] {
  // the mask of a separation lies over what is separated
  if (id === 'mask' && values['on_loadings'] === true) {
    return inputChoices({ ...param, role: 'navigation_mask' }, target, [...datasets, ...maskCandidates(results)]);
  }
  if (param.role !== 'array') return inputChoices(param, target, [...datasets, ...maskCandidates(results)]);
  const others = datasets.filter((one) => one.id !== target.id);
  if (param.words !== undefined) {
    const area = sizes(navigationAxes(target.axes));
    return [
      ...others.filter((one) => same(one.shape.slice(0, area.length), area)),
      ...results.filter((one) => one.dataset === target.id && perPixel.some((name) => name in one.arrays)),
    ].map(({ id: chosen, name }) => ({ id: chosen, name }));
  }
  if (id === 'factors') {
    const channels = sizes(signalAxes(target.axes));
    return others
      .filter((one) => one.shape.length === channels.length + 1 && same(one.shape.slice(1), channels))
      .map(({ id: chosen, name }) => ({ id: chosen, name }));
  }
  return inputChoices(param, target, datasets);
}
