import type { Random } from '../../../linalg/random.ts';
import { unused, type AtomSpace } from './atoms.ts';

/** Size of the noise on a new atom, as a share of the channel map it is made from. */
export const noiseShare = 0.01;

/**
 * Unused atoms start anew from a channel map chosen at random, with a little noise so that it does not equal another atom:
 * a random combination of all channel maps of 1 % of its size. Their codes become zero.
 *
 * @param codes C [channels × k]; columns of unused atoms are set to zero
 * @param codeGram CᵀC; rows and columns of unused atoms are set to zero
 * @returns C with the combinations that replace unused atoms in their columns; null when all are used
 */
export function replaceUnused(
  space: AtomSpace,
  codes: Float64Array,
  codeGram: Float64Array,
  random: Random,
): Float64Array | null {
  const { k, channels } = space;
  let replaced: Float64Array | null = null;
  for (let r = 0; r < k; r++) {
    if (codeGram[r * k + r]! > unused) continue;
    for (let at = r; at < codes.length; at += k) codes[at] = 0;
    for (let s = 0; s < k; s++) codeGram[r * k + s] = codeGram[s * k + r] = 0;
  }
  for (let r = 0; r < k; r++) {
    if (codeGram[r * k + r]! > unused) continue;
    replaced ??= codes.slice();
    const combination = newAtom(space, channels, random);
    for (let j = 0; j < channels; j++) replaced[j * k + r] = combination[j]!;
  }
  return replaced;
}

/** A channel map chosen at random plus noise, as a combination of channel maps. */
export function newAtom(
  space: Pick<AtomSpace, 'channels' | 'energy' | 'mapEnergy'>,
  among: number | Int32Array,
  random: Random,
): Float64Array {
  const { channels, energy, mapEnergy } = space;
  const channel = typeof among === 'number' ? random.integer(among) : among[random.integer(among.length)]!;
  const size = energy > 0 ? noiseShare * Math.sqrt(mapEnergy(channel) / energy) : 0;
  const combination = Float64Array.from({ length: channels }, () => size * random.gaussian());
  combination[channel]! += 1;
  return combination;
}
