/*
 * What is looked at in the results view; it stays while other views are open.
 *   looking.component       index of the selected component, from 0
 *   looking.kept            components of the model, or null = as the elbow suggests
 *   looking.factors         'stack' | 'overlay'
 *   looking.residual        'pixel' | 'mean' | 'rms': the spectrum of what is left
 *   looking.limits          limits of the large map, or null = automatic
 *   lookAt(resultId)        starts anew for another result
 */
import type { Limits } from '../../workers/figure/contrast.ts';

class Looking {
  result = $state<string | null>(null);
  component = $state(0);
  kept = $state<number | null>(null);
  factors = $state<'stack' | 'overlay'>('stack');
  residual = $state<'pixel' | 'mean' | 'rms'>('pixel');
  limits = $state.raw<Limits | null>(null);
  isAboutOpen = $state(false);
}

export const looking = new Looking();

export function lookAt(result: string | null): void {
  if (looking.result === result) return;
  looking.result = result;
  looking.component = 0;
  looking.kept = null;
  looking.limits = null;
}
