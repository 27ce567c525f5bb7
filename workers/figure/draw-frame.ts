import type { FigureStyle, Panel } from './figure-model.ts';
import type { Primitive, Rect, Role, TextPrimitive } from './drawing.ts';
import type { Margins } from './layout.ts';
import { CAP_HEIGHT, LINE_HEIGHT, MM_PER_POINT, textWidth } from './text-metrics.ts';

export const INK = '#000000';
export const HOLLOW = '#ffffff';

const TICK_MM = 1;
const MINOR_TICK_MM = 0.6;
const GAP_MM = 0.7;

/** One axis: title, and ticks by their place 0–1 along it (from left, or from below). */
export interface FrameAxis {
  title: string;
  ticks: readonly { at: number; label: string }[];
  minor: readonly number[];
}

export const textHeight = (sizePt: number): number => sizePt * MM_PER_POINT * LINE_HEIGHT;
export const capHeight = (sizePt: number): number => sizePt * MM_PER_POINT * CAP_HEIGHT;

/** Text with the defaults of a figure: black, regular, level. */
export function textAt(
  role: Role,
  panel: number,
  text: string,
  x: number,
  y: number,
  sizePt: number,
  anchor: TextPrimitive['anchor'],
  more: Partial<TextPrimitive> = {},
): TextPrimitive {
  return { kind: 'text', role, panel, text, x, y, sizePt, anchor, weight: 400, fill: INK, rotate: 0, ...more };
}

/** Height of the line with letter and heading above a panel; 0 without either. */
export function headerHeight(panel: Pick<Panel, 'letter' | 'heading'>, style: FigureStyle): number {
  if (panel.letter === null && panel.heading === null) return 0;
  return capHeight(panel.letter === null ? style.textPt : style.letterPt) + 1.4;
}

const LETTER_GAP_MM = 1.4;

/** Width of letter and heading together. */
export function headerWidth(panel: Pick<Panel, 'letter' | 'heading'>, style: FigureStyle): number {
  const letter = panel.letter === null ? 0 : textWidth(panel.letter, style.letterPt, 700) + LETTER_GAP_MM;
  return letter + (panel.heading === null ? 0 : textWidth(panel.heading, style.textPt));
}

/** Panel letter (bold) and heading on one baseline at the top of the box. */
export function drawHeader(panel: Panel, index: number, style: FigureStyle): Primitive[] {
  const height = headerHeight(panel, style);
  if (height === 0) return [];
  const baseline = panel.box.y + height - 1.4;
  const items: Primitive[] = [];
  let x = panel.box.x;
  if (panel.letter !== null) {
    items.push(textAt('letter', index, panel.letter, x, baseline, style.letterPt, 'start', { weight: 700 }));
    x += textWidth(panel.letter, style.letterPt, 700) + LETTER_GAP_MM;
  }
  if (panel.heading !== null) items.push(textAt('heading', index, panel.heading, x, baseline, style.textPt, 'start'));
  return items;
}

/** Room that ticks, labels and titles take on the left and below. */
export function frameMargins(y: FrameAxis, style: FigureStyle): Pick<Margins, 'left' | 'bottom'> {
  const widest = y.ticks.reduce((w, t) => Math.max(w, textWidth(t.label, style.tickPt)), 0);
  const hasLabels = widest > 0;
  return {
    left: textHeight(style.textPt) + (hasLabels ? TICK_MM + GAP_MM + widest + GAP_MM : GAP_MM),
    bottom: TICK_MM + GAP_MM + textHeight(style.tickPt) + textHeight(style.textPt),
  };
}

/**
 * Left and bottom axis of `area`, ticks outwards, titles; no box, no grid. `box` is the panel, `left` the margin kept
 * free on the left.
 */
export function drawFrame(
  area: Rect,
  box: Rect,
  x: FrameAxis,
  y: FrameAxis,
  left: number,
  index: number,
  style: FigureStyle,
): Primitive[] {
  const stroke = { colour: INK, widthPt: style.axisPt };
  const bottom = area.y + area.height;
  const right = area.x + area.width;
  const line = (role: Role, x1: number, y1: number, x2: number, y2: number): Primitive => ({
    kind: 'line',
    role,
    panel: index,
    x1,
    y1,
    x2,
    y2,
    stroke,
  });
  const items: Primitive[] = [
    {
      kind: 'path',
      role: 'axis',
      panel: index,
      closed: false,
      stroke,
      runs: [[area.x, area.y, area.x, bottom, right, bottom]],
    },
  ];
  for (const tick of x.ticks) {
    const at = area.x + tick.at * area.width;
    items.push(line('tick', at, bottom, at, bottom + TICK_MM));
    const baseline = bottom + TICK_MM + GAP_MM + capHeight(style.tickPt);
    items.push(textAt('tick-label', index, tick.label, at, baseline, style.tickPt, 'middle'));
  }
  for (const place of x.minor) {
    const at = area.x + place * area.width;
    items.push(line('tick', at, bottom, at, bottom + MINOR_TICK_MM));
  }
  for (const tick of y.ticks) {
    const at = bottom - tick.at * area.height;
    items.push(line('tick', area.x - TICK_MM, at, area.x, at));
    const baseline = at + capHeight(style.tickPt) / 2;
    items.push(textAt('tick-label', index, tick.label, area.x - TICK_MM - GAP_MM, baseline, style.tickPt, 'end'));
  }
  for (const place of y.minor) {
    const at = bottom - place * area.height;
    items.push(line('tick', area.x - MINOR_TICK_MM, at, area.x, at));
  }
  const xTitleBaseline = bottom + TICK_MM + GAP_MM + textHeight(style.tickPt) + GAP_MM + capHeight(style.textPt);
  items.push(textAt('axis-title', index, x.title, area.x + area.width / 2, xTitleBaseline, style.textPt, 'middle'));
  const yTitleX = area.x - left + capHeight(style.textPt);
  // a title longer than its axis may use the whole height of the panel
  const half = textWidth(y.title, style.textPt) / 2;
  const lowest = Math.max(box.y + box.height / 2, box.y + box.height - half);
  const middle = Math.min(Math.max(area.y + area.height / 2, Math.min(box.y + half, lowest)), lowest);
  items.push(textAt('axis-title', index, y.title, yTitleX, middle, style.textPt, 'middle', { rotate: -90 }));
  return items;
}
