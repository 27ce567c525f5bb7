import type { ColormapId } from './colormaps.ts';
import type { Limits } from './contrast.ts';
import type { Rect } from './drawing.ts';

/** Sizes of everything that does not scale with the data; text and lines in points, gaps in mm. */
export interface FigureStyle {
  textPt: number;
  tickPt: number;
  letterPt: number;
  /** spectra and other traces */
  tracePt: number;
  axisPt: number;
  scaleBarPt: number;
  gutterMm: number;
  marginMm: number;
  /** embedded maps are repeated pixel by pixel up to this resolution, so that no viewer smooths them */
  rasterDpi: number;
}

/** One axis of a map; `values` present means unevenly spaced. */
export interface MapAxis {
  name: string;
  units: string | null;
  size: number;
  scale: number;
  offset: number;
  values?: readonly number[] | undefined;
}

interface PanelBase {
  /** place on the page in mm, everything of the panel inside */
  box: Rect;
  /** a, b, c …; null for none */
  letter: string | null;
  heading: string | null;
}

/** Explained variance of the components, numbered from 1. */
export type ScreePanel = PanelBase & {
  kind: 'scree';
  /** dimensionless, one per component; only those drawn */
  ratio: readonly number[];
  /** components kept: filled; the others are hollow */
  kept: number;
  yTitle: string;
  log: boolean;
};

export interface Series {
  label: string;
  /** one per x; NaN leaves a gap */
  values: ArrayLike<number>;
  colour: string;
  dashPt: readonly number[];
}

/** Spectra, or loadings along a line. */
export type LinesPanel = PanelBase & {
  kind: 'lines';
  xTitle: string;
  /** coordinate of every sample, monotonic */
  x: ArrayLike<number>;
  /** true: the axis falls to the right (wavenumber) */
  reversed: boolean;
  yTitle: string;
  series: readonly Series[];
  /** overlay: one scale for all. stack: one above the other, first on top */
  arrangement: 'overlay' | 'stack';
  /** stacked series: each on its own scale, or all on the same */
  scaling: 'each' | 'shared';
  /** true: steps centred on the samples, for counts of positions rather than curves */
  step: boolean;
};

export type ScaleBarChoice = { kind: 'auto' } | { kind: 'fixed'; value: number } | { kind: 'none' };

/** One image: a loading, or a factor of two-dimensional signals. */
export type MapPanel = PanelBase & {
  kind: 'map';
  /** rows from the top, columns × rows; NaN = left out */
  values: ArrayLike<number>;
  xAxis: MapAxis;
  yAxis: MapAxis;
  colormap: ColormapId;
  limits: Limits;
  /** text on top of the colour bar (unit); null for no bar */
  colourBar: string | null;
  scaleBar: ScaleBarChoice;
};

export type Panel = ScreePanel | LinesPanel | MapPanel;

/** A figure for print: millimetres and points, white paper, light colours in every theme. */
export interface Figure {
  /** title of the document; not drawn */
  title: string;
  widthMm: number;
  heightMm: number;
  style: FigureStyle;
  panels: readonly Panel[];
}

/** Cluster and component colours 1–8 on white: eight lightness levels, apart in deuteranopia and protanopia. */
export const categoryColours: readonly string[] = [
  '#1e55b9',
  '#bd7500',
  '#5aa26f',
  '#46235b',
  '#037fb0',
  '#696775',
  '#604a00',
  '#5f342a',
];

const DASHES: readonly (readonly number[])[] = [[], [3, 1.5], [1, 1.2], [4, 1.2, 1, 1.2]];

/** Colour and dash of the n-th series (from 0): hues first, then hue and pattern. */
export function seriesStyle(n: number): { colour: string; dashPt: readonly number[] } {
  const round = Math.floor(n / categoryColours.length);
  return {
    colour: categoryColours[n % categoryColours.length] as string,
    dashPt: DASHES[round % DASHES.length] as readonly number[],
  };
}

/** Panel letter of index n: a … z, then aa, ab … */
export function panelLetter(n: number): string {
  const last = String.fromCharCode(97 + (n % 26));
  return n < 26 ? last : panelLetter(Math.floor(n / 26) - 1) + last;
}
