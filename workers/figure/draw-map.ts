import { colormapOf } from './colormaps.ts';
import { barTitle, drawColourBar } from './draw-colour-bar.ts';
import { capHeight, drawHeader, headerHeight, INK } from './draw-frame.ts';
import { drawScaleBar } from './draw-scale-bar.ts';
import type { Primitive, Rect } from './drawing.ts';
import type { FigureStyle, MapAxis, MapPanel } from './figure-model.ts';
import { fitAspect } from './layout.ts';
import { atResolution, type RasterChoice } from './map-resolution.ts';
import { rasterize, type RgbaImage } from './rasterize.ts';
import { metresPerUnit } from './si-units.ts';

const HATCH_MM = 0.9;

/** Width : height of a map on paper. Pixels are square unless both axes have comparable calibrations. */
export function mapAspect(xAxis: MapAxis, yAxis: MapAxis): number {
  const square = xAxis.size / yAxis.size;
  if (xAxis.values !== undefined || yAxis.values !== undefined) return square;
  const x = physicalStep(xAxis);
  const y = physicalStep(yAxis);
  if (x === null || y === null || x.kind !== y.kind) return square;
  const aspect = (square * x.step) / y.step;
  // a line of pixels would be a hairline: no thinner than 1 : 20
  return Math.min(20, Math.max(1 / 20, aspect));
}

function physicalStep(axis: MapAxis): { step: number; kind: string } | null {
  const step = Math.abs(axis.scale);
  if (!(step > 0) || !Number.isFinite(step) || axis.units === null || axis.units === '') return null;
  const metres = metresPerUnit(axis.units);
  return metres === null ? { step, kind: axis.units } : { step: step * metres, kind: 'length' };
}

/** Height above the map: letter and heading, or the unit on top of the colour bar. */
export function mapTop(panel: MapPanel, style: FigureStyle): number {
  const header = headerHeight(panel, style);
  const unit = panel.colourBar !== null && barTitle(panel) !== '' ? capHeight(style.tickPt) + 1.4 : 0;
  return Math.max(header, unit);
}

/** The map's own rectangle: `barWidth` and `top` are those of the widest panel, so that neighbours line up. */
export function mapRect(panel: MapPanel, barWidth: number, top: number): Rect {
  const { box } = panel;
  const room = {
    x: box.x,
    y: box.y + top,
    width: Math.max(1, box.width - barWidth),
    height: Math.max(1, box.height - top),
  };
  return fitAspect(room, mapAspect(panel.xAxis, panel.yAxis));
}

/** Header, hatch under left-out pixels, the pixels, hairline, scale bar, colour bar. */
export function drawMap(
  panel: MapPanel,
  barWidth: number,
  top: number,
  index: number,
  style: FigureStyle,
  raster: RasterChoice,
): Primitive[] {
  const rect = mapRect(panel, barWidth, top);
  const image = rasterize(panel.values, panel.xAxis.size, panel.yAxis.size, {
    limits: panel.limits,
    colormap: colormapOf(panel.colormap),
  });
  const items: Primitive[] = [...drawHeader(panel, index, style)];
  if (hasMissing(image)) items.push(...drawHatch(rect, index));
  items.push({ kind: 'image', role: 'map', panel: index, ...rect, pixels: atResolution(panel, image, rect, raster) });
  items.push({
    kind: 'rect',
    role: 'frame',
    panel: index,
    ...rect,
    stroke: { colour: INK, widthPt: Math.min(0.25, style.axisPt) },
  });
  items.push(...drawScaleBar(panel, rect, image, index, style));
  if (panel.colourBar !== null) items.push(...drawColourBar(panel, rect, index, style, raster));
  return items;
}

const hasMissing = (image: RgbaImage): boolean => {
  for (let i = 3; i < image.data.length; i += 4) if (image.data[i] === 0) return true;
  return false;
};

/** Grey ground with diagonal lines, clipped by computation: shows wherever pixels are transparent. */
function drawHatch(rect: Rect, index: number): Primitive[] {
  const runs: number[][] = [];
  for (let c = HATCH_MM; c < rect.width + rect.height; c += HATCH_MM) {
    // the line x + y = c inside [0, width] × [0, height]
    const x1 = Math.max(0, c - rect.height);
    const x2 = Math.min(rect.width, c);
    if (x2 > x1) runs.push([rect.x + x1, rect.y + c - x1, rect.x + x2, rect.y + c - x2]);
  }
  return [
    { kind: 'rect', role: 'hatch', panel: index, ...rect, fill: '#e6e9eb' },
    { kind: 'path', role: 'hatch', panel: index, closed: false, runs, stroke: { colour: '#838c93', widthPt: 0.25 } },
  ];
}
