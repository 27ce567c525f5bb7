import type { Metadata } from '../../model/signal.ts';
import type { FirstPage, LeadAxis, PageNote, Series } from './series.ts';
import { leadAxis } from './series.ts';
import { scalar, uniform, unitOf } from './vendor.ts';

export const isImageJ = (description: string): boolean => description.startsWith('ImageJ=');

function pairsOf(description: string): Metadata {
  const pairs: Metadata = {};
  for (const line of description.split(/\r\n|\n|\r/, 10_000)) {
    const cut = line.indexOf('=');
    if (cut > 0 && !line.startsWith('__proto__')) pairs[line.slice(0, cut).trim()] = scalar(line.slice(cut + 1));
  }
  return pairs;
}

/**
 * ImageJ's stacks and hyperstacks: channels count fastest, then slices, then frames. Large stacks have one directory
 * and all planes behind the first. Resolution tags count pixels per unit; the distance of slices has no unit of its own.
 */
export function readImageJ(
  description: string,
  notes: readonly PageNote[],
  first: FirstPage,
  resolution: { x?: number; y?: number },
): Series {
  const pairs = pairsOf(description);
  const count = (key: string): number => {
    const value = pairs[key];
    return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : 1;
  };
  const number = (key: string): number | undefined =>
    typeof pairs[key] === 'number' ? (pairs[key] as number) : undefined;
  const warnings: string[] = [];
  const same = notes.flatMap(({ key }, i) => (key === notes[0]!.key ? [i] : []));
  const channels =
    count('channels') / (count('channels') % first.samples === 0 && first.samples > 1 ? first.samples : 1);
  const [slices, frames] = [count('slices'), count('frames')];
  const told = Math.max(channels * slices * frames, count('images'));
  const isContiguous = same.length === 1 && told > 1 && first.planesThatFit >= told;
  const planes = isContiguous ? told : same.length;
  const interval = number('finterval') ?? (number('fps') ? 1 / number('fps')! : undefined);
  let lead: LeadAxis[] = [
    leadAxis('time', frames, uniform(interval, 's')),
    leadAxis('depth', slices, uniform(number('spacing'), null)),
    leadAxis('channel', channels),
  ].filter(({ size }) => size > 1);
  if (channels * slices * frames !== planes) {
    if (told > 1 && told !== planes) {
      warnings.push(`ImageJ's description speaks of ${told} pages; ${planes} are there and were read.`);
    }
    lead = planes > 1 ? [leadAxis('image series', planes)] : [];
  }
  const units = unitOf(typeof pairs.unit === 'string' ? pairs.unit : undefined);
  const perPixel = (each: number | undefined) =>
    each !== undefined && (units !== null || each !== 1) ? uniform(1 / each, units) : undefined;
  const [x, y] = [perPixel(resolution.x), perPixel(resolution.y)];
  return {
    title: '',
    pages: isContiguous ? [0] : same,
    lead,
    ...(isContiguous ? { isContiguous: true as const } : {}),
    ...(x ? { x } : {}),
    ...(y ? { y } : {}),
    original: { ImageJ: pairs },
    warnings,
  };
}
