import type { FigureStyle } from './figure-model.ts';
import { presetOf, type FigurePreset } from './presets.ts';

/** What every figure builder takes beside its data. */
export interface FigureOptions {
  /** default: Nature, single column */
  preset?: FigurePreset;
  /** default: what the panels need, at most what the preset allows */
  heightMm?: number;
  title?: string;
  style?: Partial<FigureStyle>;
}

export interface Page {
  preset: FigurePreset;
  style: FigureStyle;
}

/** Preset and style of a page; single values of the style may be overridden. */
export function pageOf(options: FigureOptions): Page {
  const preset = options.preset ?? presetOf('nature-single');
  const style: FigureStyle = {
    textPt: preset.textPt,
    tickPt: preset.tickPt,
    letterPt: preset.letterPt,
    tracePt: 0.75,
    axisPt: 0.5,
    scaleBarPt: 1.5,
    gutterMm: 4,
    marginMm: 1,
    rasterDpi: preset.rasterDpi,
    ...options.style,
  };
  return { preset, style };
}

/** Size of the grid of a page, in the terms of layout.ts. */
export const gridOf = (page: Page): { widthMm: number; marginMm: number; gutterMm: number } => ({
  widthMm: page.preset.widthMm,
  marginMm: page.style.marginMm,
  gutterMm: page.style.gutterMm,
});

/** The components to draw, from 0: those asked for that exist, else all. */
export function chosenComponents(count: number, asked: readonly number[] | undefined): number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  return asked === undefined ? all : asked.filter((c) => Number.isInteger(c) && c >= 0 && c < count);
}
