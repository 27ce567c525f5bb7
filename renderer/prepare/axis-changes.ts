import { formatNumber } from '../../workers/figure/format-number.ts';
import { printUnits } from '../../workers/figure/si-units.ts';
import { axisValue, isCalibrated, type Axis } from '../../workers/model/axes.ts';
import { coordinateWords } from '../charts/axis-words.ts';

/** One line of the table of axes: what it was and what it becomes. */
export interface AxisChange {
  name: string;
  /** "navigation", "signal → navigation" */
  kind: string;
  /** null where there was none, or there is none any more */
  before: string | null;
  after: string | null;
  isChanged: boolean;
}

/** "100, 1.00 … 4.96 keV": how many values, and from where to where. */
export function extentWords(axis: Axis): string {
  const size = formatNumber(axis.size, 0);
  if (!isCalibrated(axis) && axis.scale === 1 && axis.offset === 0) return size;
  const [first, last] = [coordinateWords(axis, 0), coordinateWords(axis, axis.size - 1)];
  const unit = printUnits(axis.units);
  const values = axis.size === 1 ? first : `${first} … ${last}`;
  return `${size}, ${values}${unit === null ? '' : `\u2009${unit}`}`;
}

const kindOf = (axis: Axis): string => (axis.navigate ? 'navigation' : 'signal');
const same = (a: Axis, b: Axis): boolean =>
  a.size === b.size &&
  a.navigate === b.navigate &&
  (a.units ?? '') === (b.units ?? '') &&
  axisValue(a, 0) === axisValue(b, 0) &&
  axisValue(a, a.size - 1) === axisValue(b, b.size - 1);

/**
 * The axes of the outcome with what they were, fastest first as shapes are written, navigation before signal; those that
 * went away last. Axes are the same by name, or by place where there are as many.
 */
export function axisChanges(before: readonly Axis[], after: readonly Axis[]): AxisChange[] {
  const isRenamed = before.length === after.length;
  const found = after.map((axis, i) => {
    const named = before.find(({ name }) => name === axis.name && name !== '');
    const beside = before[i];
    const isFree = beside !== undefined && !after.some(({ name }) => name === beside.name);
    return { axis, was: named ?? (isRenamed && isFree ? beside : undefined) };
  });
  const gone = before.filter((axis) => !found.some(({ was }) => was === axis));
  const nameOf = (axis: Axis): string => axis.name || 'axis';
  const lines = found.map(({ axis, was }): AxisChange => ({
    name: was === undefined || was.name === axis.name ? nameOf(axis) : `${nameOf(was)} → ${nameOf(axis)}`,
    kind: was === undefined || was.navigate === axis.navigate ? kindOf(axis) : `${kindOf(was)} → ${kindOf(axis)}`,
    before: was === undefined ? null : extentWords(was),
    after: extentWords(axis),
    isChanged: was === undefined || was.name !== axis.name || !same(was, axis),
  }));
  const kinds = [true, false].flatMap((isNavigation) =>
    lines.filter((_, i) => found[i]?.axis.navigate === isNavigation).toReversed(),
  );
  return [
    ...kinds,
    ...gone.toReversed().map((axis) => ({
      name: nameOf(axis),
      kind: kindOf(axis),
      before: extentWords(axis),
      after: null,
      isChanged: true,
    })),
  ];
}
