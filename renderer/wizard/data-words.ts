import { formatNumber } from '../../workers/figure/format-number.ts';

/** Pixels and channels: of the data, or of what masks leave of them. */
export interface Counts {
  samples: number;
  features: number;
}

const whole = (count: number): string => formatNumber(count, 0);
const part = (some: number, all: number, unit: string): string =>
  some === all ? `${whole(all)} ${unit}` : `${whole(some)} of ${whole(all)} ${unit}`;

/** "16 072 of 16 384 px × 1 024 channels" */
export const dataWords = (all: Counts, used: Counts): string =>
  `${part(used.samples, all.samples, 'px')} × ${part(used.features, all.features, 'channels')}`;

/** "312 of 4 096 px left out", "Nothing is left out." */
export function leftOutWords(all: Counts, used: Counts): string {
  const parts: string[] = [];
  const pixels = all.samples - used.samples;
  const channels = all.features - used.features;
  if (pixels > 0) parts.push(`${part(pixels, all.samples, 'px')} left out`);
  if (channels > 0) parts.push(`${part(channels, all.features, 'channels')} left out`);
  return parts.length > 0 ? parts.join(', ') : 'Nothing is left out.';
}
