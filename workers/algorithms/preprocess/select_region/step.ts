import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { navigationAxes } from '../../../model/signal.ts';
import { sliceAxis } from '../pipeline/axis-of.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import { openWindow } from '../pipeline/window.ts';
import type { selectRegion } from './spec.ts';

type Values = StepValues<typeof selectRegion>;

/** The box as [first, end) of every navigation axis, cut at the edge of the map. */
function boxOf(signal: SignalHeader, { start, end }: Values): [first: number, end: number][] {
  const axes = navigationAxes(signal.axes);
  const refuse = (param: string, message: string): never => {
    throw new EigenscopeError('parameter-out-of-range', `${param}: ${message}`, { param });
  };
  for (const [param, told] of [
    ['start', start],
    ['end', end],
  ] as const) {
    if (told!.length !== axes.length || !told!.every((n) => Number.isInteger(n) && n >= 0)) {
      refuse(
        param,
        `${axes.length} whole numbers from 0 are needed, one for each of ${axes.map((a) => a.name).join(', ')}.`,
      );
    }
  }
  return axes.map((axis, i) => {
    const first = start![i]!;
    const last = Math.min(axis.size, end![i]!);
    if (first >= last)
      refuse('start', `nothing of ${axis.name} (${axis.size} pixels) is left from ${first} to ${end![i]!}.`);
    return [first, last];
  });
}

export const step: Preparation<Values> = {
  describe({ signal }, values) {
    const box = boxOf(signal, values);
    const axes = signal.axes.map((axis, i) => (i < box.length ? sliceAxis(axis, ...box[i]!) : axis));
    return { axes, shape: axes.map(({ size }) => size) };
  },
  open({ signal, pixels }, to, values) {
    const box = boxOf(signal, values);
    return openWindow(
      pixels,
      to,
      to.shape.map((_, i) => box[i]?.[0] ?? 0),
      to.shape.map(() => 1),
    );
  },
};
