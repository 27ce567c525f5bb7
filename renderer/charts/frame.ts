import { linearScale, logScale, type Scale } from './scale.ts';

/** Range and title of one axis of a plot. */
export interface PlotAxis {
  min: number;
  max: number;
  /** quantity, then unit in brackets; empty = no title */
  title: string;
  log?: boolean;
  /** larger values at the left */
  reverse?: boolean;
  /** ticks and labels are left out; the axis line stays */
  bare?: boolean;
  /** whole numbers only, e.g. components */
  integer?: boolean;
}

/** One line. `x` and `y` of the same length; gaps where y is not finite. */
export interface PlotSeries {
  name: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** a CSS colour or `--token` */
  colour: string;
  width?: number;
  dash?: 'solid' | 'dashed' | 'dotted';
  /** constant within a pixel instead of a line between points */
  step?: boolean;
  opacity?: number;
}

/** Where the data area of a plot is, in pixels of the plot, and its scales. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  x: Scale;
  y: Scale;
}

export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function makeFrame(width: number, height: number, margins: Margins, x: PlotAxis, y: PlotAxis): Frame {
  const inner = {
    width: Math.max(1, width - margins.left - margins.right),
    height: Math.max(1, height - margins.top - margins.bottom),
  };
  const right = margins.left + inner.width;
  const bottom = margins.top + inner.height;
  const xPixels: [number, number] = x.reverse ? [right, margins.left] : [margins.left, right];
  const yPixels: [number, number] = y.reverse ? [margins.top, bottom] : [bottom, margins.top];
  const make = (axis: PlotAxis): typeof linearScale => (axis.log ? logScale : linearScale);
  return {
    left: margins.left,
    top: margins.top,
    ...inner,
    x: make(x)([x.min, x.max], xPixels),
    y: make(y)([y.min, y.max], yPixels),
  };
}
