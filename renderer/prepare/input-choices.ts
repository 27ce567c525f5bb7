import type { DatasetSummary } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { featureCount } from '../../workers/model/signal.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { inputChoices, type InputChoice } from '../forms/input-choices.ts';
import { maskCandidates } from '../forms/mask-candidates.ts';
import { axisChoices } from './axis-choices.ts';
import { nameBeneath } from './step-words.ts';

/**
 * What can be chosen in the fields of a step, by parameter: axes of the data; masks of their size, those made in the
 * window first; references with the same channels; other data sets with as many axes.
 */
export function stepChoices(
  spec: Pick<AlgorithmSpec, 'params'>,
  target: DatasetSummary,
  datasets: readonly DatasetSummary[],
  results: readonly ResultRecord[],
): Readonly<Record<string, readonly InputChoice[]>> {
  // what was made of these data need not say their name once more
  const named = ({ id, name }: InputChoice): InputChoice => ({ id, name: nameBeneath(name, target.name) });
  const others = datasets.filter((one) => one.id !== target.id && one.missing === null);
  return Object.fromEntries(
    Object.entries(spec.params).flatMap(([id, param]): [string, InputChoice[]][] => {
      if (param.kind === 'axis') return [[id, axisChoices(param, target.axes)]];
      if (param.kind === 'inputs') {
        return [[id, others.filter((one) => one.shape.length === target.shape.length).map(named)]];
      }
      if (param.kind !== 'input') return [];
      if (param.role === 'array') {
        return [[id, others.filter((one) => featureCount(one.axes) === featureCount(target.axes)).map(named)]];
      }
      const masks = maskCandidates(results.filter((one) => one.dataset === target.id)).toReversed();
      const fromOthers = maskCandidates(results.filter((one) => one.dataset !== target.id));
      return [[id, inputChoices(param, target, [...masks, ...fromOthers, ...others])]];
    }),
  );
}
