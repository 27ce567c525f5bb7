import { customPreset, figurePresets, presetOf, type FigurePreset } from '../../workers/figure/presets.ts';

export const CUSTOM = 'custom';

/** What is offered: the journals, then a size of one's own. */
export const offeredPresets: readonly { id: string; title: string }[] = [
  ...figurePresets,
  { id: CUSTOM, title: 'Custom size' },
];

/** The preset of a choice; a custom one has the width that was typed. */
export const chosenPreset = (id: string, widthMm: number): FigurePreset =>
  id === CUSTOM ? customPreset(widthMm) : presetOf(id);

export const WIDTH_RANGE = { min: 20, max: 400 } as const;
export const DPI_RANGE = { min: 150, max: 1200 } as const;
export const TEXT_RANGE = { min: 3, max: 36 } as const;

/** CSS pixels of a length on paper: 96 per inch. */
export const pixelsOf = (mm: number): number => (mm / 25.4) * 96;
