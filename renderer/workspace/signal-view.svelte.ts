import { isReversedByCustom } from '../charts/axis-words.ts';
import type { Axis } from '../../workers/model/axes.ts';

/* How the signal pane draws: kept while the window is open, shared with the wizard beside it. */
class SignalView {
  log = $state(false);
  /** each line divided by its own maximum, to compare shapes */
  normalise = $state(false);
  /** the axes whose direction the user turned, by name and unit */
  turned = $state.raw<ReadonlySet<string>>(new Set());
}

export const signalView = new SignalView();

const keyOf = (axis: Axis): string => `${axis.name} ${axis.units ?? ''}`;

/** Larger values at the left: by the field's custom, or because the user turned the axis. */
export const isReversed = (axis: Axis): boolean => isReversedByCustom(axis) !== signalView.turned.has(keyOf(axis));

export function turnAxis(axis: Axis): void {
  const next = new Set(signalView.turned);
  if (!next.delete(keyOf(axis))) next.add(keyOf(axis));
  signalView.turned = next;
}
