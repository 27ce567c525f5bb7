import { drawFrame, frameMargins, headerHeight, textAt, textHeight, capHeight, type FrameAxis } from './draw-frame.ts';
import type { Primitive, Rect } from './drawing.ts';
import type { FigureStyle, LinesPanel, Series } from './figure-model.ts';
import { formatPowerOfTen, labelTicks, THIN_SPACE } from './format-number.ts';
import { inside, type Margins } from './layout.ts';
import { linearTicks } from './nice-ticks.ts';
import { reduceRun } from './reduce-run.ts';
import { textWidth } from './text-metrics.ts';

const KEY_MM = 3;
const KEY_GAP_MM = 0.8;
/** part of a band that its series may fill; the rest keeps neighbours apart */
const BAND_FILL = 0.86;

interface Extent {
  low: number;
  high: number;
}

/** How one series lies in the plot: value → place 0–1 from below; `zero` is where its zero line is, if inside. */
interface Lane {
  up: (value: number) => number;
  zero: number | null;
  /** where its label would like to be */
  label: number;
}

interface Lines {
  x: FrameAxis;
  y: FrameAxis;
  across: (value: number) => number;
  lanes: Lane[];
}

function extentOf(values: ArrayLike<number>): Extent {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

/** The finite value nearest to the right end of the plot; 0 when there is none. */
function rightEnd(panel: LinesPanel, values: ArrayLike<number>): number {
  const finite = Array.from(values).filter(Number.isFinite);
  const isRising = (panel.x[panel.x.length - 1] as number) >= (panel.x[0] as number);
  return (isRising !== panel.reversed ? finite.at(-1) : finite[0]) ?? 0;
}

function scaleLines(panel: LinesPanel, style: FigureStyle): Lines {
  const { low, high } = xRange(panel);
  const across = (value: number): number => {
    const t = (value - low) / (high - low);
    return panel.reversed ? 1 - t : t;
  };
  const count = Math.max(2, Math.min(8, Math.floor(panel.box.width / (style.tickPt * 1.6))));
  const { ticks } = linearTicks(low, high, count);
  const { labels, exponent } = labelTicks(ticks);
  const x: FrameAxis = {
    title: exponent === 0 ? panel.xTitle : withPower(panel.xTitle, exponent),
    ticks: ticks.map((t, i) => ({ at: across(t), label: labels[i] ?? '' })),
    minor: [],
  };
  return panel.arrangement === 'stack' ? stacked(panel, x, across) : overlaid(panel, x, across, style);
}

/** Limits of the x axis: the samples, half a sample more at each end for steps and for single samples. */
function xRange(panel: LinesPanel): Extent {
  const { low, high } = extentOf(panel.x);
  const half = panel.step || low === high ? (high - low) / Math.max(1, panel.x.length - 1) / 2 || 0.5 : 0;
  return { low: low - half, high: high + half };
}

/** Quantity (unit) → Quantity (10ⁿ unit). */
const withPower = (title: string, exponent: number): string =>
  title.includes('(')
    ? title.replace('(', `(${formatPowerOfTen(exponent)}${THIN_SPACE}`)
    : `${title} (${formatPowerOfTen(exponent)})`;

function overlaid(panel: LinesPanel, x: FrameAxis, across: Lines['across'], style: FigureStyle): Lines {
  const all = panel.series.map((s) => extentOf(s.values));
  const count = Math.max(2, Math.min(7, Math.floor(panel.box.height / (style.tickPt * 1.2))));
  const [low, high] = airy(Math.min(...all.map((e) => e.low)), Math.max(...all.map((e) => e.high)));
  const { ticks } = linearTicks(low, high, count);
  const { labels, exponent } = labelTicks(ticks);
  const up = (value: number): number => (value - low) / (high - low);
  const y: FrameAxis = {
    title: exponent === 0 ? panel.yTitle : withPower(panel.yTitle, exponent),
    ticks: ticks.map((t, i) => ({ at: up(t), label: labels[i] ?? '' })),
    minor: [],
  };
  const zero = low < 0 && high > 0 ? up(0) : null;
  const lanes = panel.series.map((s, i) => ({ up, zero: i === 0 ? zero : null, label: up(rightEnd(panel, s.values)) }));
  return { x, y, across, lanes };
}

/** Limits with 4 % of air; curves that are never negative stand on zero unless they are far above it. */
function airy(low: number, high: number): [number, number] {
  const air = (high - low || Math.abs(high) || 1) * 0.04;
  return low >= 0 && low <= high / 2 ? [0, high + air] : [low - air, high + air];
}

function stacked(panel: LinesPanel, x: FrameAxis, across: Lines['across']): Lines {
  // zero belongs to every band: it is what a spectrum stands on
  const extents = panel.series.map((s) => {
    const { low, high } = extentOf(s.values);
    return { low: Math.min(0, low), high: Math.max(0, high) };
  });
  const span = (e: Extent): number => e.high - e.low || 1;
  const largest = Math.max(...extents.map(span));
  const band = 1 / Math.max(1, panel.series.length);
  const lanes = extents.map((extent, i) => {
    const bottom = 1 - (i + 1) * band + (band * (1 - BAND_FILL)) / 2;
    const per = panel.scaling === 'each' ? span(extent) : largest;
    const up = (value: number): number => bottom + ((value - extent.low) / per) * band * BAND_FILL;
    const s = panel.series[i] as Series;
    return { up, zero: up(0), label: up(rightEnd(panel, s.values)) };
  });
  return { x, y: { title: panel.yTitle, ticks: [], minor: [] }, across, lanes };
}

export function linesMargins(panel: LinesPanel, style: FigureStyle): Margins {
  const { x, y } = scaleLines(panel, style);
  const widest = panel.series.reduce((w, s) => Math.max(w, textWidth(s.label, style.tickPt)), 0);
  const lastLabel = x.ticks.reduce((w, t) => Math.max(w, textWidth(t.label, style.tickPt) / 2 - (1 - t.at) * 20), 0);
  const key = widest > 0 ? KEY_GAP_MM * 2 + KEY_MM + widest : 0;
  return {
    ...frameMargins(y, style),
    top: headerHeight(panel, style) + style.tickPt * 0.15,
    right: Math.max(key, lastLabel, 0.5),
  };
}

/** Traces, zero lines and, at the right end of each, a key in its colour with its name in black. */
export function drawLines(panel: LinesPanel, margins: Margins, index: number, style: FigureStyle): Primitive[] {
  const lines = scaleLines(panel, style);
  const area = inside(panel.box, margins);
  const items = drawFrame(area, panel.box, lines.x, lines.y, margins.left, index, style);
  for (const lane of lines.lanes) {
    if (lane.zero === null) continue;
    const y = area.y + (1 - lane.zero) * area.height;
    items.push({
      kind: 'line',
      role: 'zero',
      panel: index,
      x1: area.x,
      y1: y,
      x2: area.x + area.width,
      y2: y,
      stroke: { colour: '#b3babf', widthPt: 0.25 },
    });
  }
  panel.series.forEach((series, i) => {
    const runs = runsOf(panel, series, lines, lines.lanes[i] as Lane, area);
    if (runs.length === 0) return;
    items.push({
      kind: 'path',
      role: 'trace',
      panel: index,
      closed: false,
      runs,
      stroke: { colour: series.colour, widthPt: style.tracePt, dashPt: series.dashPt },
    });
  });
  items.push(...drawKeys(panel, lines, area, index, style));
  return items;
}

/** Unbroken runs of points in mm; a run of one sample becomes a short dash so that it is seen. */
function runsOf(panel: LinesPanel, series: Series, lines: Lines, lane: Lane, area: Rect): number[][] {
  const { low, high } = xRange(panel);
  const half = ((high - low) / Math.max(1, panel.x.length)) * 0.5;
  const toX = (value: number): number => area.x + lines.across(value) * area.width;
  const runs: number[][] = [];
  let run: number[] = [];
  const close = (): void => {
    if (run.length === 2 && !panel.step)
      run = [(run[0] as number) - 0.4, run[1] as number, (run[0] as number) + 0.4, run[1] as number];
    if (run.length > 2) runs.push(panel.step ? run : reduceRun(run, 0.02));
    run = [];
  };
  for (let i = 0; i < panel.x.length; i++) {
    const value = series.values[i] as number;
    const at = panel.x[i] as number;
    if (!Number.isFinite(value) || !Number.isFinite(at)) {
      close();
      continue;
    }
    const y = area.y + (1 - lane.up(value)) * area.height;
    if (panel.step) run.push(toX(at - before(panel.x, i, half)), y, toX(at + after(panel.x, i, half)), y);
    else run.push(toX(at), y);
  }
  close();
  return runs;
}

/** Half the way to the neighbour; at the ends as far as on the other side. */
const before = (x: ArrayLike<number>, i: number, half: number): number =>
  i > 0
    ? ((x[i] as number) - (x[i - 1] as number)) / 2
    : x.length > 1
      ? ((x[1] as number) - (x[0] as number)) / 2
      : half;
const after = (x: ArrayLike<number>, i: number, half: number): number =>
  i < x.length - 1 ? ((x[i + 1] as number) - (x[i] as number)) / 2 : before(x, i, half);

function drawKeys(panel: LinesPanel, lines: Lines, area: Rect, index: number, style: FigureStyle): Primitive[] {
  const named = panel.series
    .map((series, i) => ({ series, lane: lines.lanes[i] as Lane }))
    .filter((n) => n.series.label !== '');
  const wanted = named.map(({ lane }) => area.y + (1 - lane.label) * area.height);
  const places = keepApart(wanted, textHeight(style.tickPt), area.y, area.y + area.height);
  const x = area.x + area.width + KEY_GAP_MM;
  return named.flatMap(({ series }, i): Primitive[] => {
    const y = places[i] as number;
    const stroke = { colour: series.colour, widthPt: Math.max(1, style.tracePt), dashPt: series.dashPt };
    return [
      { kind: 'line', role: 'key', panel: index, x1: x, y1: y, x2: x + KEY_MM, y2: y, stroke },
      textAt(
        'label',
        index,
        series.label,
        x + KEY_MM + KEY_GAP_MM,
        y + capHeight(style.tickPt) / 2,
        style.tickPt,
        'start',
      ),
    ];
  });
}

/** Moves labels as little as needed so that they are `gap` apart and inside [top, bottom] as long as there is room. */
export function keepApart(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number) || a - b);
  const places = wanted.slice();
  let floor = top + gap / 2;
  for (const i of order) {
    places[i] = Math.max(places[i] as number, floor);
    floor = (places[i] as number) + gap;
  }
  let ceiling = bottom - gap / 2;
  for (const i of order.reverse()) {
    places[i] = Math.min(places[i] as number, ceiling);
    ceiling = (places[i] as number) - gap;
  }
  return places;
}
