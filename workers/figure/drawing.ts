import type { RgbaImage } from './rasterize.ts';

/** What a primitive is for: class name in SVG, subject of the pre-flight, handle for tests. */
export type Role =
  | 'background'
  | 'axis'
  | 'tick'
  | 'trace'
  | 'zero'
  | 'mark'
  | 'cut'
  | 'map'
  | 'hatch'
  | 'frame'
  | 'scale-bar'
  | 'scale-bar-halo'
  | 'scale-bar-label'
  | 'colour-bar'
  | 'tick-label'
  | 'axis-title'
  | 'label'
  | 'key'
  | 'heading'
  | 'letter';

/** Millimetres, x to the right, y downwards from the top left corner of the figure. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Colours are #rrggbb; widths and dashes in points. */
export interface Stroke {
  colour: string;
  widthPt: number;
  dashPt?: readonly number[];
}

interface Common {
  role: Role;
  /** index of the panel it belongs to; null for the page */
  panel: number | null;
}

export type LinePrimitive = Common & { kind: 'line'; x1: number; y1: number; x2: number; y2: number; stroke: Stroke };
/** Open or closed runs of points, each [x, y, x, y, …] in mm; clipped to `clip` when given. */
export type PathPrimitive = Common & {
  kind: 'path';
  runs: readonly (readonly number[])[];
  closed: boolean;
  stroke?: Stroke;
  fill?: string;
  clip?: Rect;
};
export type RectPrimitive = Common & { kind: 'rect'; fill?: string; stroke?: Stroke } & Rect;
export type CirclePrimitive = Common & {
  kind: 'circle';
  x: number;
  y: number;
  radius: number;
  fill: string;
  stroke?: Stroke;
};
/** One line of live text; x, y is the anchor on the baseline, rotation (degrees, clockwise) about it. */
export type TextPrimitive = Common & {
  kind: 'text';
  text: string;
  x: number;
  y: number;
  sizePt: number;
  weight: 400 | 700;
  anchor: 'start' | 'middle' | 'end';
  fill: string;
  rotate: 0 | -90;
  halo?: Stroke;
};
/** Pixels stretched to a rectangle without smoothing. */
export type ImagePrimitive = Common & { kind: 'image'; pixels: RgbaImage } & Rect;

export type Primitive =
  LinePrimitive | PathPrimitive | RectPrimitive | CirclePrimitive | TextPrimitive | ImagePrimitive;

/** A finished page: what SVG, PDF and PNG are made from, in drawing order. */
export interface Drawing {
  title: string;
  description: string;
  widthMm: number;
  heightMm: number;
  /** group name of each panel: its letter, or its number */
  panelNames: readonly string[];
  items: readonly Primitive[];
}
