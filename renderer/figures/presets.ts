/** What a journal asks of a figure. Lengths in millimetres on paper. */
export interface FigurePreset {
  id: string;
  title: string;
  /** null: any width from 20 to 400 mm */
  widthMm: number | null;
  maxHeightMm: number;
  /** points */
  text: { min: number; max: number; advised: number };
  /** resolution of embedded maps and of PNG: least accepted, and what is set */
  dpi: { least: number; advised: number };
}

const nature = { maxHeightMm: 170, text: { min: 5, max: 7, advised: 7 }, dpi: { least: 300, advised: 450 } };
const elsevier = { maxHeightMm: 240, text: { min: 6, max: 12, advised: 7 }, dpi: { least: 300, advised: 500 } };
const acs = { maxHeightMm: 241, text: { min: 5, max: 12, advised: 8 }, dpi: { least: 300, advised: 600 } };

export const figurePresets: readonly FigurePreset[] = [
  { id: 'nature-1', title: 'Nature, single column', widthMm: 89, ...nature },
  { id: 'nature-2', title: 'Nature, double column', widthMm: 183, ...nature },
  { id: 'elsevier-1', title: 'Elsevier, single column', widthMm: 90, ...elsevier },
  { id: 'elsevier-1.5', title: 'Elsevier, 1.5 columns', widthMm: 140, ...elsevier },
  { id: 'elsevier-2', title: 'Elsevier, double column', widthMm: 190, ...elsevier },
  { id: 'acs-1', title: 'ACS, single column', widthMm: 82.5, ...acs },
  { id: 'acs-2', title: 'ACS, double column', widthMm: 178, ...acs },
  {
    id: 'custom',
    title: 'Custom size',
    widthMm: null,
    maxHeightMm: 400,
    text: { min: 4, max: 24, advised: 7 },
    dpi: { least: 150, advised: 600 },
  },
];

export const presetOf = (id: string): FigurePreset =>
  figurePresets.find((preset) => preset.id === id) ?? (figurePresets[0] as FigurePreset);

export const WIDTH_RANGE = { min: 20, max: 400 } as const;
export const DPI_RANGE = { min: 150, max: 1200 } as const;

/** CSS pixels of a length on paper: 96 per inch. */
export const pixelsOf = (mm: number): number => (mm / 25.4) * 96;
