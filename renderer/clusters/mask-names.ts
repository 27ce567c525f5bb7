import { formatNumber } from '../../workers/figure/format-number.ts';

/**
 * "Only Cluster 2", "Without rim, film", "Only 212 px": what a mask keeps or leaves out; a taken name gets a number.
 * @param clusters names of the clusters that are selected as a whole; empty for a region that was drawn
 */
export function nameOfMask(
  clusters: readonly string[],
  pixels: number,
  keepsSelection: boolean,
  taken: readonly string[],
): string {
  const what =
    clusters.length === 0
      ? `${formatNumber(pixels, 0)} px`
      : clusters.length > 2
        ? `${clusters.length} clusters`
        : clusters.join(', ');
  const name = `${keepsSelection ? 'Only' : 'Without'} ${what}`;
  if (!taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}
