import type { Axis } from '../../model/axes.ts';
import { elementCount } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { navigationName } from '../hints.ts';
import type { ReadHints } from '../reader.ts';
import type { LeadAxis } from './series.ts';
import { leadAxis } from './series.ts';
import type { Calibration } from './vendor.ts';

/** The stored axes of a stack: pages, rows, columns and, unless they make a colour, samples. */
export interface Stack {
  lead: readonly LeadAxis[];
  width: number;
  height: number;
  /** 1 for colours */
  samples: number;
  x?: Calibration;
  y?: Calibration;
}

export interface Arrangement {
  lead: readonly LeadAxis[];
  /** for each axis of the signal the stored axis: lead axes from 0, then rows, columns, samples */
  order: number[];
  axes: Axis[];
}

const same = (a: readonly number[] | undefined, b: readonly number[]): boolean =>
  a !== undefined && a.length === b.length && a.every((size, i) => size === b[i]);

const print = (shape: readonly number[]): string => shape.join(' × ');

/**
 * Which axes are navigation and which are signal: pictures are the signal and pages the navigation, unless a pixel has
 * several samples, which are then its spectrum. A signal shape of as many channels as there are pages makes a spectrum
 * of the pages at every pixel; one row's length makes spectra of the rows; a navigation shape arranges the pages anew.
 * @throws EigenscopeError `shape-mismatch` when the hints do not fit
 */
export function arrangeStack(name: string, stack: Stack, hints: ReadHints): Arrangement {
  const { width, height, samples } = stack;
  const { navigationShape, signalShape } = hints;
  const pages = elementCount(stack.lead.map(({ size }) => size));
  const frame = samples > 1 ? [height, width, samples] : [height, width];
  let lead = stack.lead;

  const arranged = (navigation: readonly number[], signal: readonly number[]): Arrangement => {
    const axisAt = (stored: number, navigate: boolean): Axis => {
      const pageAxis = lead[stored];
      if (pageAxis !== undefined) {
        // a stack of pictures without a name counts channels when it is a spectrum
        const plain = !navigate && pageAxis.name === 'image series';
        return axisOf(plain ? 'channel' : pageAxis.name, pageAxis.size, navigate, pageAxis);
      }
      const which = stored - lead.length;
      if (which === 0) return axisOf('height', height, navigate, stack.y);
      if (which === 1) return axisOf('width', width, navigate, stack.x);
      return axisOf('sample', samples, navigate, undefined);
    };
    return {
      lead,
      order: [...navigation, ...signal],
      axes: [...navigation.map((stored) => axisAt(stored, true)), ...signal.map((stored) => axisAt(stored, false))],
    };
  };
  const leads = (): number[] => lead.map((_, i) => i);
  const at = (which: number): number => lead.length + which;
  const fits = (navigation: readonly number[], signal: readonly number[]): boolean =>
    (navigationShape === undefined || same(navigationShape, navigation)) &&
    (signalShape === undefined || same(signalShape, signal));
  const sizes = (): number[] => lead.map(({ size }) => size);

  // pages arranged anew, e.g. the positions of a scan over a grid
  const rest = samples > 1 ? undefined : navigationShape;
  if (rest !== undefined && rest.length > 0 && !same(rest, sizes()) && elementCount(rest) === pages && pages > 1) {
    if (signalShape === undefined || same(signalShape, frame)) {
      lead = rest.map((size, i) => leadAxis(navigationName(rest.length - 1 - i), size));
    }
  }
  if (samples > 1) {
    if (fits([...sizes(), height, width], [samples])) return arranged([...leads(), at(0), at(1)], [at(2)]);
    if (fits(sizes(), frame)) return arranged(leads(), [at(0), at(1), at(2)]);
  } else {
    // one channel per page is asked for by their number
    const one = signalShape ?? (same(navigationShape, [height, width]) ? [pages] : undefined);
    if (
      pages > 1 &&
      one?.length === 1 &&
      one[0] === pages &&
      fits([height, width], [pages]) &&
      !same(navigationShape, sizes())
    ) {
      lead = lead.length === 1 ? lead : [leadAxis('channel', pages)];
      return arranged([at(0), at(1)], [0]);
    }
    if (pages > 1 && lead.length > 1 && same(signalShape, sizes()) && fits([height, width], sizes())) {
      return arranged([at(0), at(1)], leads());
    }
    if (fits(sizes(), frame)) return arranged(leads(), [at(0), at(1)]);
    if (fits([...sizes(), height], [width])) return arranged([...leads(), at(0)], [at(1)]);
  }
  const asked = [
    ...(navigationShape === undefined ? [] : [`navigation ${print(navigationShape)}`]),
    ...(signalShape === undefined ? [] : [`signal ${print(signalShape)}`]),
  ];
  throw new EigenscopeError(
    'shape-mismatch',
    `${name}: ${asked.join(' and ')} cannot be made of ${pages} page${pages > 1 ? 's' : ''} of ${print(frame)}. The signal may be ${print(frame)} (pictures), ${pages > 1 ? `${pages} (a channel per page)` : `${width} (rows)`}; the navigation shape may arrange the pages.`,
  );
}

const axisOf = (name: string, size: number, navigate: boolean, calibration: Calibration | undefined): Axis => ({
  name,
  units: calibration?.units ?? null,
  size,
  navigate,
  scale: calibration?.scale ?? 1,
  offset: calibration?.offset ?? 0,
  ...(calibration?.values === undefined ? {} : { values: calibration.values }),
});
