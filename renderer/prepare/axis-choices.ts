import { formatNumber } from '../../workers/figure/format-number.ts';
import type { Axis } from '../../workers/model/axes.ts';
import type { Param } from '../../workers/specs/param.ts';
import type { InputChoice } from '../forms/input-choices.ts';

const canBeNamed = (axes: readonly Axis[], axis: Axis): boolean =>
  axis.name !== '' && !/^\d+$/.test(axis.name) && axes.filter(({ name }) => name === axis.name).length === 1;

/** The axes that a parameter may name, slowest first: by name where that is clear, else by index. */
export function axisChoices(param: Param & { kind: 'axis' }, axes: readonly Axis[]): InputChoice[] {
  return axes.flatMap((axis, i) => {
    if (param.among !== 'any' && axis.navigate !== (param.among === 'navigation')) return [];
    const what = axis.navigate ? 'px' : 'channels';
    return [
      {
        id: canBeNamed(axes, axis) ? axis.name : String(i),
        name: `${axis.name === '' ? `axis ${i}` : axis.name}, ${formatNumber(axis.size, 0)} ${what}`,
      },
    ];
  });
}

/** How a parameter names an axis. */
export const axisName = (axes: readonly Axis[], index: number): string | number => {
  const axis = axes[index];
  return axis !== undefined && canBeNamed(axes, axis) ? axis.name : index;
};

/** The index of the axis that a parameter names, or null. */
export function axisNamed(axes: readonly Axis[], named: unknown): number | null {
  if (typeof named === 'number') return axes[named] === undefined ? null : named;
  if (typeof named !== 'string') return null;
  const index = axes.findIndex(({ name }) => name === named);
  if (index >= 0) return index;
  return /^\d+$/.test(named) && axes[Number(named)] !== undefined ? Number(named) : null;
}
