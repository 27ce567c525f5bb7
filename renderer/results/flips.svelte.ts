/*
 * Components that are shown turned over: factor and loading change sign together, so that the model stays what it is.
 * Display only, the arrays are untouched.
 *   isFlipped(result, component)   toggleFlip(result, component)
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
