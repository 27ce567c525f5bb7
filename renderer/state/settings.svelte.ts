/*
 * What the user chose for this computer; kept by the services, applied to the page at once.
 *   settings.theme          'system' | 'light' | 'dark' | 'contrast'
 *   settings.textScale      1 … 2
 *   settings.colormaps      { image, positive, signed }: ids of workers/figure/colormaps
 *   settings.memoryLimit    the most that data and results may take, bytes; null = a share of what is free
 *   settings.writesScratch  whether scratch files are written without asking
 *   settings.shownTheme     the theme now in force (follows the system)
 *   colormapFor(isSigned)   id of the colour map for a loading, by theme
 *   changeSettings(part)    applies and saves
 */
import type { Metadata } from '../../workers/model/signal.ts';
import type { ColormapId } from '../../workers/figure/colormaps.ts';
import { defaults, parseChoices, type Choices, type Theme } from './choices.ts';
import { client } from './connection.ts';
import { attempt } from './toasts.svelte.ts';

export type ShownTheme = 'light' | 'dark' | 'contrast';

class Settings {
  theme = $state<Theme>(defaults.theme);
  textScale = $state(defaults.textScale);
  colormaps = $state.raw(defaults.colormaps);
  memoryLimit = $state(defaults.memoryLimit);
  writesScratch = $state(defaults.writesScratch);
  systemTheme = $state<ShownTheme>('light');
  get shownTheme(): ShownTheme {
    return this.theme === 'system' ? this.systemTheme : this.theme;
  }
}

export const settings = new Settings();

/** Everything the services keep, also what other parts of the window store there. */
let stored: Metadata = {};

export function changeSettings(part: Partial<Choices>): void {
  Object.assign(settings, part);
  applyToPage();
  storeSettings({
    theme: settings.theme,
    textScale: settings.textScale,
    colormaps: { ...settings.colormaps },
    memoryLimit: settings.memoryLimit,
    writesScratch: settings.writesScratch,
  });
}

/** Keeps further values under their own names (last folder, last used parameters …). */
export function storeSettings(part: Metadata): void {
  stored = { ...stored, ...part };
  void attempt(() => client().call('app.settings', { settings: stored }));
}

export const storedSetting = (name: string): Metadata[string] | undefined => stored[name];

/** Takes what the services kept; anything unknown or out of range falls back to the default. */
export function readSettings(kept: Metadata): void {
  stored = kept;
  const choices = parseChoices(kept);
  settings.theme = choices.theme;
  settings.textScale = choices.textScale;
  settings.colormaps = choices.colormaps;
  settings.memoryLimit = choices.memoryLimit;
  settings.writesScratch = choices.writesScratch;
  applyToPage();
}

export function colormapFor(isSigned: boolean): ColormapId {
  if (!isSigned) return settings.colormaps.positive;
  if (settings.colormaps.signed !== 'auto') return settings.colormaps.signed;
  return settings.shownTheme === 'light' ? 'blue-white-red' : 'blue-black-red';
}

/** Follows the system's theme from now on. */
export function followSystem(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const contrast = matchMedia('(prefers-contrast: more)');
  const read = (): void => {
    settings.systemTheme = contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
    applyToPage();
  };
  dark.addEventListener('change', read);
  contrast.addEventListener('change', read);
  read();
}

function applyToPage(): void {
  document.documentElement.dataset['theme'] = settings.shownTheme;
  document.documentElement.style.setProperty('--user-scale', String(settings.textScale));
}
