import type { Primitive } from './drawing.ts';
import { drawFrame, frameMargins, headerHeight, HOLLOW, INK, type FrameAxis } from './draw-frame.ts';
import type { FigureStyle, ScreePanel } from './figure-model.ts';
import { labelLogTick, labelTicks } from './format-number.ts';
import { inside, type Margins } from './layout.ts';
import { linearTicks, logTicks, niceRange } from './nice-ticks.ts';

interface Scree {
  x: FrameAxis;
  y: FrameAxis;
  /** place 0–1 of a component (from 1) and of a ratio; null: not on a log axis */
  across: (component: number) => number;
  up: (ratio: number) => number | null;
}

function scaleScree(panel: ScreePanel): Scree {
  const count = Math.max(1, panel.ratio.length);
  // half a component of air at each end
  const across = (component: number): number => (component - 0.5) / count;
  const step = Math.max(1, linearTicks(0, count, 7).step);
  // 1, 3, 5 … reads better than 1, 2, 4 …; from fives on 1, 5, 10 …
  const first = step <= 2 ? 1 : 0;
  const numbers = Array.from({ length: Math.ceil(count / step) + 1 }, (_, i) => Math.max(1, first + i * step));
  const x: FrameAxis = {
    title: 'Component',
    ticks: numbers.filter((n) => n <= count).map((n) => ({ at: across(n), label: String(n) })),
    minor: [],
  };
  return panel.log ? logScree(panel, x, across) : linearScree(panel, x, across);
}

function logScree(panel: ScreePanel, x: FrameAxis, across: Scree['across']): Scree {
  // 16 decades below the largest is rounding: such a component is zero, and zero has no place on a log axis
  const least = Math.max(0, ...panel.ratio.filter(Number.isFinite)) * 1e-16;
  const positive = panel.ratio.filter((r) => r > least && Number.isFinite(r));
  // whole decades around the data; a single value still gets one decade
  const low = Math.floor(Math.log10(Math.min(...(positive.length > 0 ? positive : [0.1]))) - 0.05);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...(positive.length > 0 ? positive : [1]))) - 1e-9));
  const place = (v: number): number => (Math.log10(v) - low) / (high - low);
  const { major, minor } = logTicks(10 ** low, 10 ** high, 6);
  return {
    x,
    y: {
      title: panel.yTitle,
      ticks: major.map((t) => ({ at: place(t), label: labelLogTick(t) })),
      minor: minor.map(place),
    },
    across,
    up: (r) => (r > least && Number.isFinite(r) ? place(r) : null),
  };
}

function linearScree(panel: ScreePanel, x: FrameAxis, across: Scree['across']): Scree {
  const [, high] = niceRange(0, Math.max(0, ...panel.ratio.filter(Number.isFinite)), 5);
  // air below zero, so that small components do not sit on the axis
  const low = -0.04 * high;
  const { ticks } = linearTicks(low, high, 6);
  const { labels } = labelTicks(ticks);
  const place = (v: number): number => (v - low) / (high - low);
  return {
    x,
    y: { title: panel.yTitle, ticks: ticks.map((t, i) => ({ at: place(t), label: labels[i] ?? '' })), minor: [] },
    across,
    up: (r) => (Number.isFinite(r) ? place(r) : null),
  };
}

export function screeMargins(panel: ScreePanel, style: FigureStyle): Margins {
  const { y } = scaleScree(panel);
  return { ...frameMargins(y, style), top: headerHeight(panel, style) + style.tickPt * 0.15, right: 1 };
}

/** Kept components filled, left-out ones hollow, a dashed line between; the axis counts from 1. */
export function drawScree(panel: ScreePanel, margins: Margins, index: number, style: FigureStyle): Primitive[] {
  const scree = scaleScree(panel);
  const area = inside(panel.box, margins);
  const items = drawFrame(area, panel.box, scree.x, scree.y, margins.left, index, style);
  const radius = Math.min(0.85, (0.4 * area.width) / Math.max(1, panel.ratio.length));
  if (panel.kept > 0 && panel.kept < panel.ratio.length) {
    const at = area.x + scree.across(panel.kept + 0.5) * area.width;
    items.push({
      kind: 'line',
      role: 'cut',
      panel: index,
      x1: at,
      y1: area.y,
      x2: at,
      y2: area.y + area.height,
      stroke: { colour: '#5d666c', widthPt: style.axisPt, dashPt: [2, 1.5] },
    });
  }
  panel.ratio.forEach((ratio, i) => {
    const place = scree.up(ratio);
    if (place === null) return;
    items.push({
      kind: 'circle',
      role: 'mark',
      panel: index,
      x: area.x + scree.across(i + 1) * area.width,
      y: area.y + (1 - place) * area.height,
      radius,
      fill: i < panel.kept ? INK : HOLLOW,
      stroke: { colour: INK, widthPt: style.tracePt },
    });
  });
  return items;
}
