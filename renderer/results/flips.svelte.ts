/*
 * Components that are shown turned over: factor and loading change sign together, so that the model stays what it is.
 * Display only, the arrays are untouched.
 *   isFlipped(result, component)   toggleFlip(result, component)
 *   saveFlips(), restoreFlips(kept)  for the project's layout
 *   shown(values, flipped)         the values, or their negative
 */
import { SvelteSet } from 'svelte/reactivity';

const flipped = new SvelteSet<string>();
const keyOf = (result: string, component: number): string => `${result} ${component}`;

export const isFlipped = (result: string, component: number): boolean => flipped.has(keyOf(result, component));

export function toggleFlip(result: string, component: number): void {
  const key = keyOf(result, component);
  if (!flipped.delete(key)) flipped.add(key);
}

export const shown = (values: Float64Array, isTurned: boolean): Float64Array =>
  isTurned ? values.map((v) => -v) : values;

/** Plain values for the project's layout. */
export const saveFlips = (): string[] => [...flipped];

/** Takes what `saveFlips` gave; flips of another project are forgotten. */
export function restoreFlips(kept: unknown): void {
  flipped.clear();
  if (!Array.isArray(kept)) return;
  for (const key of kept.slice(0, 10_000)) if (typeof key === 'string') flipped.add(key);
}
