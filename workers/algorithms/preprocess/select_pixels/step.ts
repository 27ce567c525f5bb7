import { plainAxis } from '../../../model/axes.ts';
import { elementCount, itemSize } from '../../../model/dtype.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { navigationAxes } from '../../../model/signal.ts';
import type { Given, Preparation, StepValues } from '../pipeline/preparation.ts';
import type { selectPixels } from './spec.ts';

/** Indices are kept in the metadata up to this many; more would only make it slow. */
const mostListed = 100_000;

async function keptPixels({ signal, inputs, valuesOf }: Given): Promise<number[]> {
  const mask = inputs['mask']![0]!;
  const pixels = elementCount(navigationAxes(signal.axes).map(({ size }) => size));
  if (elementCount(mask.shape) !== pixels) {
    throw new EigenscopeError(
      'shape-mismatch',
      `mask: “${mask.title}” has ${mask.shape.join(' × ')} values, the map ${pixels} pixels. Take a mask that was made on this map.`,
      { param: 'mask' },
    );
  }
  const kept: number[] = [];
  (await valuesOf(mask)).forEach((value, i) => value === 0 && kept.push(i));
  if (kept.length === 0) {
    throw new EigenscopeError('all-masked', `mask: “${mask.title}” leaves out every pixel.`, { param: 'mask' });
  }
  return kept;
}

export const step: Preparation<StepValues<typeof selectPixels>> = {
  async describe(given) {
    const { signal } = given;
    const kept = await keptPixels(given);
    const axes = [plainAxis('pixel', kept.length, true), ...signal.axes.filter(({ navigate }) => !navigate)];
    return {
      axes,
      shape: axes.map(({ size }) => size),
      metadata: { ...signal.metadata, Preparation: { pixels: kept.slice(0, mostListed) } },
    };
  },

  measure: async (given) => ({ pixels: Float64Array.from(await keptPixels({ ...given, ...headersOf(given) })) }),

  open({ signal, pixels }, to, _, { pixels: kept }) {
    const navigation = navigationAxes(signal.axes).map(({ size }) => size);
    const signalRank = signal.shape.length - navigation.length;
    const size = itemSize(to.dtype);
    const place = (pixel: number): number[] => {
      const at = new Array<number>(navigation.length);
      for (let axis = navigation.length - 1, left = pixel; axis >= 0; axis--) {
        at[axis] = left % navigation[axis]!;
        left = Math.floor(left / navigation[axis]!);
      }
      return at;
    };
    const fast = navigation.at(-1) ?? 1;
    return {
      readInto(target, [start = 0, ...rest], [count = 0, ...each]) {
        const bytes = elementCount(each) * size;
        for (let i = 0; i < count;) {
          const first = kept![start + i]!;
          // neighbours in a row are read together
          let run = 1;
          while (i + run < count && kept![start + i + run] === first + run && (first + run) % fast !== 0) run++;
          const one = navigation.map((_n, axis) => (axis === navigation.length - 1 ? run : 1));
          pixels.readInto(
            target.subarray(i * bytes, (i + run) * bytes),
            [...place(first), ...rest.slice(-signalRank)],
            [...one, ...each],
          );
          i += run;
        }
      },
    };
  },
};

/** The headers of opened inputs. */
const headersOf = ({ inputs }: { inputs: Readonly<Record<string, readonly { signal: Given['signal'] }[]>> }) => ({
  inputs: Object.fromEntries(Object.entries(inputs).map(([param, list]) => [param, list.map(({ signal }) => signal)])),
});
