import { axisIndexOf } from '../pipeline/axis-of.ts';
import type { Preparation, StepValues } from '../pipeline/preparation.ts';
import type { setAxis } from './spec.ts';

export const step: Preparation<StepValues<typeof setAxis>> = {
  describe({ signal }, { axis: asked, name, units, scale, offset }) {
    const index = axisIndexOf(signal.axes, asked!);
    const { values, ...axis } = signal.axes[index]!;
    const isEven = scale !== null || offset !== null;
    const next = {
      ...axis,
      name: name ?? axis.name,
      units: units ?? axis.units,
      scale: scale ?? axis.scale,
      offset: offset ?? axis.offset,
      ...(values === undefined || isEven ? {} : { values }),
    };
    return { axes: signal.axes.with(index, next) };
  },
  relayout: ({ layout }) => layout,
  open: ({ pixels }) => pixels,
};
