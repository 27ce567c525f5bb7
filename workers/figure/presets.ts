/** What a journal asks of a figure. Widths and heights in mm, text in points, resolution in dots per inch. */
export interface FigurePreset {
  id: string;
  title: string;
  widthMm: number;
  maxHeightMm: number;
  /** axis titles and labels */
  textPt: number;
  /** tick labels and other small text */
  tickPt: number;
  letterPt: number;
  /** nothing may be smaller */
  minTextPt: number;
  /** lowest resolution of embedded maps, for figures that mix them with lines */
  rasterDpi: number;
}

const nature = { maxHeightMm: 170, textPt: 7, tickPt: 6, letterPt: 8, minTextPt: 5, rasterDpi: 450 };
const elsevier = { maxHeightMm: 240, textPt: 7, tickPt: 6, letterPt: 8, minTextPt: 6, rasterDpi: 500 };
const acs = { maxHeightMm: 241, textPt: 8, tickPt: 7, letterPt: 9, minTextPt: 5, rasterDpi: 600 };

/** Column widths of the publishers' own pages (Nature, Elsevier, ACS). */
export const figurePresets: readonly FigurePreset[] = [
  { id: 'nature-single', title: 'Nature, single column', widthMm: 89, ...nature },
  { id: 'nature-double', title: 'Nature, double column', widthMm: 183, ...nature },
  { id: 'elsevier-single', title: 'Elsevier, single column', widthMm: 90, ...elsevier },
  { id: 'elsevier-middle', title: 'Elsevier, 1.5 columns', widthMm: 140, ...elsevier },
  { id: 'elsevier-double', title: 'Elsevier, double column', widthMm: 190, ...elsevier },
  { id: 'acs-single', title: 'ACS, single column', widthMm: 82.5, ...acs },
  { id: 'acs-double', title: 'ACS, double column', widthMm: 178, ...acs },
];

/** The preset of an id, Nature single column when unknown. */
export const presetOf = (id: string): FigurePreset =>
  figurePresets.find((p) => p.id === id) ?? (figurePresets[0] as FigurePreset);

/** A preset of one's own: Nature's text sizes on any paper. */
export const customPreset = (widthMm: number, maxHeightMm = 297): FigurePreset => ({
  ...nature,
  id: 'custom',
  title: 'Custom',
  widthMm,
  maxHeightMm,
});
