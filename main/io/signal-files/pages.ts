import type { Axis } from '../../../workers/model/axes.ts';
import type { SignalToWrite } from './signal-to-write.ts';

/** A signal as pages of rows and columns. */
export interface Pages {
  /** axes of the signal in the order of the file: those of the pages, the row, the column */
  order: number[];
  /** slowest first */
  page: Axis[];
  row: Axis;
  column: Axis;
  /** spectra at pixels: a page is the map of one channel */
  isByChannel: boolean;
}

/**
 * How a signal becomes a stack. Images keep their order; spectra at two or more navigation axes become one map per
 * channel, as programs for images show them; spectra along one axis become a single image.
 */
export function pagesOf({ axes }: Pick<SignalToWrite, 'axes'>): Pages {
  const indices = axes.map((_, i) => i).filter((i) => axes[i]!.size !== 1);
  // axes of size 1 stand first, where they change nothing, unless rows and columns need them
  const short = axes.map((_, i) => i).filter((i) => axes[i]!.size === 1);
  while (indices.length < 2 && short.length > 0) indices.unshift(short.pop()!);
  const navigation = indices.filter((i) => axes[i]!.navigate);
  const signal = indices.filter((i) => !axes[i]!.navigate);
  const isByChannel = signal.length === 1 && navigation.length >= 2;
  const long = isByChannel
    ? [...navigation.slice(0, -2), ...signal, ...navigation.slice(-2)]
    : [...navigation, ...signal];
  return {
    order: [...short, ...long],
    page: long.slice(0, -2).map((i) => axes[i]!),
    row: axes[long.at(-2)!]!,
    column: axes[long.at(-1)!]!,
    isByChannel,
  };
}

/** What is said about spectra that became maps. */
export const byChannelNote = ({ page }: Pages): string =>
  `The spectra are written as a stack of ${page.at(-1)!.size} maps, one per channel of “${page.at(-1)!.name}”.`;
