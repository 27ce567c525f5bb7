import type { Axis } from '../model/axes.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { MetadataValue } from '../model/signal.ts';
import { evaluateAxisExpression } from './hspy-expression.ts';
import { childPath } from './hdf5-tree.ts';
import type { SignalTree } from './signal-tree.ts';

const finite = (value: MetadataValue | undefined, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback;

const text = (value: MetadataValue | undefined): string | null =>
  typeof value === 'string' && value !== '_None_' && value !== '<undefined>' ? value : null;

/** Groups of the axes of a signal by number: axis-0 is the slowest array axis. Nested signals keep them in a list. */
function axisGroups(tree: SignalTree, experiment: string): Map<number, string> {
  const groups = new Map<number, string>();
  for (const name of tree.childNames(experiment)) {
    const number = /^(?:axis|coordinate)-(\d+)$/.exec(name);
    if (number) groups.set(Number(number[1]), childPath(experiment, name));
    else if (/^_(?:list|tuple)_\d+_axes$/.test(name)) {
      const list = childPath(experiment, name);
      for (const member of tree.childNames(list))
        if (/^\d+$/.test(member)) groups.set(Number(member), childPath(list, member));
    }
  }
  return groups;
}

function readValues(tree: SignalTree, group: string, size: number): number[] | null {
  if (tree.kindOf(childPath(group, 'axis')) !== 'dataset') return null;
  const found = tree.numbers(childPath(group, 'axis'));
  return found?.length === size ? [...found] : null;
}

/** Values of an axis that is given by a formula over a uniform axis `x`. */
function computeValues(
  tree: SignalTree,
  group: string,
  attributes: Map<string, MetadataValue>,
  size: number,
): number[] | null {
  const expression = text(attributes.get('expression'));
  if (expression === null) return null;
  const x = tree.kindOf(childPath(group, 'x')) === 'group' ? tree.attributes(childPath(group, 'x'), []) : new Map();
  const [scale, offset] = [finite(x.get('scale'), 1), finite(x.get('offset'), 0)];
  const parameters = new Map(
    [...attributes].filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
  try {
    return Array.from({ length: size }, (_, i) =>
      evaluateAxisExpression(expression, parameters.set('x', offset + scale * i)),
    );
  } catch (thrown) {
    if (thrown instanceof EigenscopeError) return null;
    throw thrown;
  }
}

/** How many of the last axes are signal axes when the axes do not say it themselves (versions 1.x). */
function signalRank(recordBy: string | null, rank: number): number {
  if (recordBy === 'image') return Math.min(2, rank);
  return recordBy === '' ? 0 : Math.min(1, rank);
}

/**
 * Axes of a signal in array order. Sizes are those of the array; a missing unit is null, a missing name is empty.
 * @param recordBy `metadata/Signal.record_by`, which decides for old files without `navigate`
 */
export function readAxes(
  tree: SignalTree,
  experiment: string,
  shape: readonly number[],
  recordBy: string | null,
  warnings: string[],
): Axis[] {
  const groups = axisGroups(tree, experiment);
  if (groups.size > 0 && groups.size !== shape.length) {
    warnings.push(`The file describes ${groups.size} axes, the data have ${shape.length}.`);
  }
  const firstSignalAxis = shape.length - signalRank(recordBy, shape.length);
  return shape.map((size, i) => {
    const group = groups.get(i);
    const attributes = group ? tree.attributes(group, warnings) : new Map<string, MetadataValue>();
    const navigate = attributes.get('navigate');
    const axis: Axis = {
      name: text(attributes.get('name')) ?? '',
      units: text(attributes.get('units')),
      size,
      navigate: typeof navigate === 'boolean' || typeof navigate === 'number' ? Boolean(navigate) : i < firstSignalAxis,
      scale: finite(attributes.get('scale'), 1),
      offset: finite(attributes.get('offset'), 0),
    };
    const kind = text(attributes.get('_type'));
    if (!group || kind === null || kind === 'UniformDataAxis') return axis;
    const values =
      kind === 'FunctionalDataAxis' ? computeValues(tree, group, attributes, size) : readValues(tree, group, size);
    if (values) return { ...axis, values };
    warnings.push(
      `The coordinates of axis ${i} (${axis.name || 'without a name'}) cannot be read; its indices are shown.`,
    );
    return axis;
  });
}
