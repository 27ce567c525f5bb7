import { drawHeader } from './draw-frame.ts';
import { drawLines, linesMargins } from './draw-lines.ts';
import { colourBarWidth } from './draw-colour-bar.ts';
import { drawMap, mapTop } from './draw-map.ts';
import { drawScree, screeMargins } from './draw-scree.ts';
import type { Drawing, Primitive } from './drawing.ts';
import type { Figure, Panel } from './figure-model.ts';
import type { Margins } from './layout.ts';
import type { RasterChoice } from './map-resolution.ts';

export type DrawOptions = Partial<RasterChoice>;

/**
 * Turns a figure into primitives in millimetres, in drawing order, on white.
 * Maps are repeated up to `minDpi` (default: the figure's own) and averaged above `maxDpi` (default: never);
 * a window passes minDpi 0 and lets the screen enlarge.
 */
export function drawFigure(figure: Figure, options: DrawOptions = {}): Drawing {
  const raster = { minDpi: options.minDpi ?? figure.style.rasterDpi, maxDpi: options.maxDpi ?? Infinity };
  const margins = alignedMargins(figure);
  const items: Primitive[] = [
    {
      kind: 'rect',
      role: 'background',
      panel: null,
      x: 0,
      y: 0,
      width: figure.widthMm,
      height: figure.heightMm,
      fill: '#ffffff',
    },
  ];
  figure.panels.forEach((panel, index) => {
    const own = margins[index] as Margins;
    if (panel.kind === 'map') {
      items.push(...drawMap(panel, own.right, own.top, index, figure.style, raster));
      return;
    }
    items.push(...drawHeader(panel, index, figure.style));
    items.push(
      ...(panel.kind === 'scree'
        ? drawScree(panel, own, index, figure.style)
        : drawLines(panel, own, index, figure.style)),
    );
  });
  return {
    title: figure.title,
    description: describe(figure),
    widthMm: figure.widthMm,
    heightMm: figure.heightMm,
    panelNames: figure.panels.map((p, i) => p.letter ?? String(i + 1)),
    items,
  };
}

/**
 * Margins of every panel. Plots that start at the same x share the left margin and those that share it the right
 * one, so that stacked axes end on the same line; maps share the room for colour bar and heading.
 */
function alignedMargins(figure: Figure): Margins[] {
  const own = figure.panels.map((panel): Margins => {
    if (panel.kind === 'scree') return screeMargins(panel, figure.style);
    if (panel.kind === 'lines') return linesMargins(panel, figure.style);
    return { left: 0, bottom: 0, right: colourBarWidth(panel, figure.style), top: mapTop(panel, figure.style) };
  });
  const isMap = (panel: Panel): boolean => panel.kind === 'map';
  return figure.panels.map((panel, i) => {
    const peers = figure.panels
      .map((other, j) => ({ other, margins: own[j] as Margins }))
      .filter(({ other }) => (isMap(panel) ? isMap(other) : !isMap(other) && sameColumn(panel, other)))
      .map(({ margins }) => margins);
    const most = (side: keyof Margins): number => Math.max(...peers.map((m) => m[side]));
    const mine = own[i] as Margins;
    return isMap(panel)
      ? { ...mine, right: most('right'), top: most('top') }
      : { ...mine, left: most('left'), right: most('right') };
  });
}

const sameColumn = (a: Panel, b: Panel): boolean =>
  Math.abs(a.box.x - b.box.x) < 0.01 && Math.abs(a.box.width - b.box.width) < 0.01;

/** What the figure shows, in words, for screen readers and for the description of the file. */
function describe(figure: Figure): string {
  const parts = figure.panels.map((panel) => {
    const name = panel.letter === null ? '' : `${panel.letter}: `;
    const heading = panel.heading === null ? '' : `${panel.heading}, `;
    if (panel.kind === 'scree')
      return `${name}${heading}${panel.yTitle} of ${panel.ratio.length} components, ${panel.kept} kept`;
    if (panel.kind === 'lines') {
      return `${name}${heading}${panel.series.length} ${panel.series.length === 1 ? 'curve' : 'curves'} against ${panel.xTitle}`;
    }
    return `${name}${heading}map of ${panel.xAxis.size} by ${panel.yAxis.size} pixels`;
  });
  return `${parts.join('; ')}.`;
}
