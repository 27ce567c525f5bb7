import { scaleBarOf } from './draw-scale-bar.ts';
import type { Drawing, ImagePrimitive, Primitive } from './drawing.ts';
import type { Figure, MapPanel } from './figure-model.ts';
import type { FigurePreset } from './presets.ts';
import { formatNumber } from './format-number.ts';
import { textWidth } from './text-metrics.ts';

export type CheckId =
  | 'text-size'
  | 'line-width'
  | 'raster-resolution'
  | 'scale-bar'
  | 'units'
  | 'page-size'
  | 'inside-page'
  | 'shared-limits';

/** One line of the list before export. Warnings never block. */
export interface Check {
  id: CheckId;
  passed: boolean;
  /** one sentence: what was looked at, or what was found and what to do */
  message: string;
  /** indices of the panels concerned */
  panels: readonly number[];
}

export const MIN_LINE_PT = 0.25;

/** All checks in a fixed order, passed ones too, so that the list can show its ticks. */
export function preflight(figure: Figure, drawing: Drawing, preset: FigurePreset): Check[] {
  return [
    checkText(drawing, preset),
    checkLines(drawing),
    checkRaster(drawing, preset),
    checkScaleBars(figure),
    checkUnits(figure),
    checkPage(figure, preset),
    checkInside(drawing),
    checkLimits(figure),
  ];
}

const check = (
  id: CheckId,
  panels: readonly number[],
  good: string,
  bad: string,
  failed = panels.length > 0,
): Check => ({
  id,
  passed: !failed,
  message: failed ? bad : good,
  panels,
});

const panelsOf = (items: readonly Primitive[]): number[] =>
  [...new Set(items.flatMap((i) => (i.panel === null ? [] : [i.panel])))].sort((a, b) => a - b);

const named = (drawing: Drawing, panels: readonly number[]): string =>
  `${panels.length === 1 ? 'panel' : 'panels'} ${panels.map((p) => drawing.panelNames[p] ?? p + 1).join(', ')}`;

function checkText(drawing: Drawing, preset: FigurePreset): Check {
  const texts = drawing.items.filter((i) => i.kind === 'text');
  const least = preset.minTextPt;
  const small = texts.filter((t) => t.sizePt < least - 1e-9);
  const panels = panelsOf(small);
  const sizes = texts.map((t) => t.sizePt);
  const range =
    sizes.length === 0
      ? 'no text'
      : `text ${formatNumber(Math.min(...sizes))} to ${formatNumber(Math.max(...sizes))} pt`;
  return check(
    'text-size',
    panels,
    `All ${range}, at least ${least} pt.`,
    `Text of ${formatNumber(Math.min(...small.map((t) => t.sizePt)))} pt in ${named(drawing, panels)}: set it to ${least} pt or more.`,
  );
}

function checkLines(drawing: Drawing): Check {
  const widths = drawing.items.flatMap((item) =>
    item.kind !== 'text' && item.kind !== 'image' && item.stroke !== undefined
      ? [{ item, pt: item.stroke.widthPt }]
      : [],
  );
  const thin = widths.filter((w) => w.pt < MIN_LINE_PT - 1e-9);
  const panels = panelsOf(thin.map((t) => t.item));
  return check(
    'line-width',
    panels,
    `All lines are at least ${MIN_LINE_PT} pt.`,
    `Lines of ${formatNumber(Math.min(...thin.map((t) => t.pt)))} pt in ${named(drawing, panels)} may vanish in print: ` +
      `set them to ${MIN_LINE_PT} pt or more.`,
  );
}

/** Resolution at which an embedded image is printed; the smaller of both directions. */
export const printedDpi = (image: ImagePrimitive): number =>
  Math.min((image.pixels.width / image.width) * 25.4, (image.pixels.height / image.height) * 25.4);

function checkRaster(drawing: Drawing, preset: FigurePreset): Check {
  const images = drawing.items.filter((i) => i.kind === 'image' && i.role === 'map') as ImagePrimitive[];
  const coarse = images.filter((i) => printedDpi(i) < preset.rasterDpi - 0.5);
  const panels = panelsOf(coarse);
  const lowest = Math.floor(Math.min(...coarse.map(printedDpi)));
  return check(
    'raster-resolution',
    panels,
    images.length === 0
      ? 'No images are embedded.'
      : `Maps are embedded without loss at ${preset.rasterDpi} dpi or more.`,
    `Maps of ${lowest} dpi in ${named(drawing, panels)}, the journal asks for ${preset.rasterDpi}: raise the resolution of the figure.`,
  );
}

const mapsOf = (figure: Figure): { panel: MapPanel; index: number }[] =>
  figure.panels.flatMap((panel, index) => (panel.kind === 'map' ? [{ panel, index }] : []));

const letters = (figure: Figure, panels: readonly number[]): string =>
  `${panels.length === 1 ? 'Panel' : 'Panels'} ${panels.map((p) => figure.panels[p]?.letter ?? p + 1).join(', ')}`;

function checkScaleBars(figure: Figure): Check {
  const without = mapsOf(figure)
    .filter(({ panel }) => scaleBarOf(panel) === null)
    .map((m) => m.index);
  return check(
    'scale-bar',
    without,
    mapsOf(figure).length === 0 ? 'No map needs a scale bar.' : 'All maps have a scale bar.',
    `${letters(figure, without)}: no scale bar. Switch it on, or calibrate the axis.`,
  );
}

function checkUnits(figure: Figure): Check {
  const without = figure.panels.flatMap((panel, index) => {
    if (panel.kind === 'lines')
      return /\((px|channel)\)$/.test(panel.xTitle) || !panel.xTitle.includes('(') ? [index] : [];
    if (panel.kind === 'map') return scaleBarOf(panel)?.calibrated === false || panel.colourBar === '' ? [index] : [];
    return [];
  });
  return check(
    'units',
    without,
    'All axes and scale bars have units.',
    `${letters(figure, without)}: axis without a calibration, shown in pixels or channels. Set the scale and unit of the data set.`,
  );
}

function checkPage(figure: Figure, preset: FigurePreset): Check {
  const size = `${formatNumber(figure.widthMm, 1)} × ${formatNumber(figure.heightMm, 1)} mm`;
  const fits = figure.widthMm <= preset.widthMm + 0.05 && figure.heightMm <= preset.maxHeightMm + 0.05;
  return check(
    'page-size',
    [],
    `${size} fits ${preset.title}.`,
    `${size} is larger than ${preset.title} allows (${formatNumber(preset.widthMm)} × ${formatNumber(preset.maxHeightMm)} mm).`,
    !fits,
  );
}

function checkInside(drawing: Drawing): Check {
  const out = drawing.items.filter((item) => {
    if (item.kind !== 'text') return false;
    const length = textWidth(item.text, item.sizePt, item.weight);
    const start = item.anchor === 'start' ? 0 : item.anchor === 'middle' ? -length / 2 : -length;
    const along = item.rotate === 0 ? item.x + start : drawing.heightMm - item.y + start;
    const room = item.rotate === 0 ? drawing.widthMm : drawing.heightMm;
    return along < -0.01 || along + length > room + 0.01;
  });
  const panels = panelsOf(out);
  return check(
    'inside-page',
    panels,
    'All text lies inside the page.',
    `Text runs over the edge of the page in ${named(drawing, panels)}: shorten it or make the figure larger.`,
  );
}

function checkLimits(figure: Figure): Check {
  const maps = mapsOf(figure);
  const differ = maps.some(({ panel: { limits } }) => {
    const first = maps[0]?.panel.limits;
    return first !== undefined && (limits.min !== first.min || limits.max !== first.max);
  });
  const unsaid = differ ? maps.filter(({ panel }) => panel.colourBar === null).map((m) => m.index) : [];
  return check(
    'shared-limits',
    unsaid,
    'Maps share their limits or show their own colour bar.',
    `${letters(figure, unsaid)}: limits differ from other maps and no colour bar says so. Share the limits or show the bar.`,
  );
}
