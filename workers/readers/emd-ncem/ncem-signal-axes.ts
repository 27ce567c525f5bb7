import type { MetadataValue } from '../../model/signal.ts';
import { isEnergy, type Dim } from './ncem-axes.ts';
import { firstOf } from './ncem-signals.ts';

/**
 * How many of the last axes are signal axes: what HyperSpy wrote beside its own signals (`record_by`), else spectra have
 * one, planes of images, diffraction patterns and stacks two.
 */
export function signalRank(
  attributes: ReadonlyMap<string, MetadataValue>,
  dims: readonly (Dim | undefined)[],
  rank: number,
  isHyperspy: boolean,
): number {
  if (attributes.has('record_by')) {
    const recordedBy = firstOf(attributes.get('record_by'));
    if (recordedBy === 'spectrum') return Math.min(1, rank);
    if (recordedBy === 'image') return Math.min(2, rank);
    if (isHyperspy) return rank;
  }
  const last = dims.at(-1);
  if (last !== undefined && isEnergy(last)) return 1;
  return Math.min(2, rank);
}
