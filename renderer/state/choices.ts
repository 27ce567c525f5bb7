import { colormaps, type ColormapId } from '../../workers/figure/colormaps.ts';
import type { Metadata } from '../../workers/model/signal.ts';

export type Theme = 'system' | 'light' | 'dark' | 'contrast';

export interface Choices {
  theme: Theme;
  textScale: number;
  colormaps: {
    /** raw images: stacks, backdrops */
    image: ColormapId;
    /** maps that are never negative: navigator, loadings of NMF */
    positive: ColormapId;
    /** 'auto' is blue–white–red on light, blue–black–red on dark */
    signed: ColormapId | 'auto';
  };
  /** the most that data and results may take, bytes; null = a share of what is free */
  memoryLimit: number | null;
  /** whether scratch files are written without asking */
  writesScratch: boolean;
}

export const defaults: Choices = {
  theme: 'system',
  textScale: 1,
  colormaps: { image: 'greys', positive: 'viridis', signed: 'auto' },
  memoryLimit: null,
  writesScratch: false,
};

/** What the services kept; anything unknown or out of range falls back to the default. */
export function parseChoices(kept: Metadata): Choices {
  const themes: readonly Theme[] = ['system', 'light', 'dark', 'contrast'];
  const theme = themes.find((t) => t === kept['theme']) ?? defaults.theme;
  const scale = kept['textScale'];
  const textScale = typeof scale === 'number' && scale >= 1 && scale <= 2 ? scale : defaults.textScale;
  const limit = kept['memoryLimit'];
  const maps = kept['colormaps'];
  const named = typeof maps === 'object' && maps !== null && !Array.isArray(maps) ? maps : {};
  const known = (value: unknown): ColormapId | undefined => colormaps.find((map) => map.id === value)?.id;
  return {
    theme,
    textScale,
    colormaps: {
      image: known(named['image']) ?? defaults.colormaps.image,
      positive: known(named['positive']) ?? defaults.colormaps.positive,
      signed: known(named['signed']) ?? 'auto',
    },
    memoryLimit: typeof limit === 'number' && limit > 0 ? limit : null,
    writesScratch: kept['writesScratch'] === true,
  };
}
