import { colormapOf } from './colormaps.ts';
import type { Limits } from './contrast.ts';
import { capHeight, headerWidth, INK, textAt, textHeight } from './draw-frame.ts';
import type { Primitive, Rect } from './drawing.ts';
import type { FigureStyle, MapPanel } from './figure-model.ts';
import { formatPowerOfTen, labelTicks, THIN_SPACE } from './format-number.ts';
import type { RasterChoice } from './map-resolution.ts';
import { linearTicks } from './nice-ticks.ts';
import { enlarge, type RgbaImage } from './rasterize.ts';
import { textWidth } from './text-metrics.ts';

const BAR_GAP_MM = 1;
const BAR_MM = 2;
const BAR_TICK_MM = 0.6;
const BAR_LABEL_GAP_MM = 0.5;
const MAX_BAR_TICKS = 5;

/**
 * Ticks of the colour bar as numbers and labels. The power of ten stands on top with the unit, so it must not depend
 * on how many ticks there is room for.
 */
function barTicks(limits: Limits, count = MAX_BAR_TICKS): { ticks: number[]; labels: string[]; exponent: number } {
  const { exponent } = labelTicks(linearTicks(limits.min, limits.max, MAX_BAR_TICKS).ticks);
  const { ticks } = linearTicks(limits.min, limits.max, count);
  return { ticks, ...labelTicks(ticks, exponent) };
}

/** What stands on top of the bar: unit, after the power of ten taken out of the labels. */
export function barTitle(panel: MapPanel): string {
  const { exponent } = barTicks(panel.limits);
  const unit = panel.colourBar ?? '';
  if (exponent === 0) return unit;
  const power = formatPowerOfTen(exponent);
  return unit === '' ? power : `${power}${THIN_SPACE}${unit}`;
}

/** Width that colour bar and labels take at the right of the map, 0 without one. */
export function colourBarWidth(panel: MapPanel, style: FigureStyle): number {
  if (panel.colourBar === null) return 0;
  const { labels } = barTicks(panel.limits);
  const widest = Math.max(
    ...labels.map((l) => textWidth(l, style.tickPt)),
    textWidth(barTitle(panel), style.tickPt) - BAR_MM,
  );
  return BAR_GAP_MM + BAR_MM + BAR_TICK_MM + BAR_LABEL_GAP_MM + Math.max(0, widest);
}

/** Ramp as an image, ticks at round numbers, unit on top; points at the ends tell that values lie beyond. */
export function drawColourBar(
  panel: MapPanel,
  rect: Rect,
  index: number,
  style: FigureStyle,
  raster: RasterChoice,
): Primitive[] {
  const x = rect.x + rect.width + BAR_GAP_MM;
  const { rgb } = colormapOf(panel.colormap);
  const beyond = beyondLimits(panel);
  const point = Math.min(BAR_MM * 0.8, rect.height * 0.12);
  const bar = {
    x,
    width: BAR_MM,
    y: rect.y + (beyond.above ? point : 0),
    height: rect.height - (beyond.above ? point : 0) - (beyond.below ? point : 0),
  };
  const ramp: RgbaImage = { width: 1, height: 256, data: new Uint8ClampedArray(1024) };
  for (let i = 0; i < 256; i++) ramp.data.set([...rgb.subarray(3 * i, 3 * i + 3), 255], 4 * (255 - i));
  const top = hex(rgb.subarray(765, 768));
  const bottom = hex(rgb.subarray(0, 3));
  const stroke = { colour: INK, widthPt: Math.min(0.25, style.axisPt) };
  const items: Primitive[] = [
    {
      kind: 'image',
      role: 'colour-bar',
      panel: index,
      ...bar,
      pixels: enlarge(ramp, Math.min(8, Math.max(1, Math.ceil(((raster.minDpi / 25.4) * bar.height) / 256)))),
    },
  ];
  const right = x + BAR_MM;
  const middle = x + BAR_MM / 2;
  const end = bar.y + bar.height;
  const triangle = (fill: string, tip: number, base: number): Primitive => ({
    kind: 'path',
    role: 'colour-bar',
    panel: index,
    closed: true,
    fill,
    runs: [[x, base, middle, tip, right, base]],
  });
  if (beyond.above) items.push(triangle(top, rect.y, bar.y));
  if (beyond.below) items.push(triangle(bottom, rect.y + rect.height, end));
  const outline = [x, bar.y, ...(beyond.above ? [middle, rect.y] : []), right, bar.y, right, end];
  outline.push(...(beyond.below ? [middle, rect.y + rect.height] : []), x, end);
  items.push({ kind: 'path', role: 'frame', panel: index, closed: true, runs: [outline], stroke });
  const room = Math.floor(bar.height / (textHeight(style.tickPt) * 1.1));
  const { ticks, labels } = barTicks(panel.limits, Math.min(MAX_BAR_TICKS, Math.max(1, room)));
  ticks.forEach((tick, i) => {
    const t = (tick - panel.limits.min) / (panel.limits.max - panel.limits.min);
    const y = end - (Number.isFinite(t) ? t : 0.5) * bar.height;
    items.push({
      kind: 'line',
      role: 'tick',
      panel: index,
      x1: right,
      y1: y,
      x2: right + BAR_TICK_MM,
      y2: y,
      stroke: { ...stroke },
    });
    const baseline = y + capHeight(style.tickPt) / 2;
    items.push(
      textAt(
        'tick-label',
        index,
        labels[i] ?? '',
        right + BAR_TICK_MM + BAR_LABEL_GAP_MM,
        baseline,
        style.tickPt,
        'start',
      ),
    );
  });
  const title = barTitle(panel);
  const titleX = Math.max(x, panel.box.x + headerWidth(panel, style) + BAR_GAP_MM);
  if (title !== '') items.push(textAt('tick-label', index, title, titleX, rect.y - 1.4, style.tickPt, 'start'));
  return items;
}

const hex = (rgb: ArrayLike<number>): string =>
  `#${Array.from({ length: 3 }, (_, i) => (rgb[i] ?? 0).toString(16).padStart(2, '0')).join('')}`;

function beyondLimits(panel: MapPanel): { above: boolean; below: boolean } {
  const { min, max } = panel.limits;
  const slack = Math.abs(max - min) * 1e-6;
  let above = false;
  let below = false;
  for (let i = 0; i < panel.values.length; i++) {
    const value = panel.values[i] as number;
    if (value > max + slack) above = true;
    else if (value < min - slack) below = true;
  }
  return { above, below };
}
