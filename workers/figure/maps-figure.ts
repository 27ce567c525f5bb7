import type { Axis } from '../model/axes.ts';
import type { ColormapId } from './colormaps.ts';
import { isSigned, sharedLimits, symmetricLimits, zeroBasedLimits, type Limits } from './contrast.ts';
import { colourBarWidth } from './draw-colour-bar.ts';
import { mapAspect, mapTop } from './draw-map.ts';
import { panelLetter, type Figure, type MapAxis, type MapPanel, type ScaleBarChoice } from './figure-model.ts';
import { gridOf, pageOf, type FigureOptions } from './figure-page.ts';
import { cellWidth, gridCells, gridHeight } from './layout.ts';

export interface MapOptions {
  /** components to draw, from 0; default all */
  components?: readonly number[];
  /** maps per row; default 3, fewer on narrow pages, more when the page would get too high */
  perRow?: number;
  /** for maps without negative values; default viridis. Signed maps are always blue–white–red with zero in the middle */
  colormap?: ColormapId;
  /** the same limits for all maps */
  shareLimits?: boolean;
  /** text on top of the colour bars, default a.u.; null for no bars */
  colourBar?: string | null;
  scaleBar?: ScaleBarChoice;
}

export interface NumberedMap {
  number: number;
  name: string | null;
  /** rows from the top; NaN = left out */
  values: ArrayLike<number>;
}

/** One lettered map per component in a grid, all of the same size. */
export function mapsFigure(
  maps: readonly NumberedMap[],
  place: { xAxis: Axis; yAxis: Axis; what: 'Loading' | 'Factor' },
  options: FigureOptions & MapOptions,
): Figure {
  const page = pageOf(options);
  const { preset, style } = page;
  const styles = colouring(maps, options);
  const panelOf = (map: NumberedMap, i: number): MapPanel => ({
    kind: 'map',
    box: { x: 0, y: 0, width: 1, height: 1 },
    letter: maps.length > 1 ? panelLetter(i) : null,
    heading: map.name === null ? `${place.what} ${map.number}` : `${map.number} ${map.name}`,
    values: map.values,
    xAxis: mapAxis(place.xAxis),
    yAxis: mapAxis(place.yAxis),
    ...(styles[i] as { colormap: ColormapId; limits: Limits }),
    colourBar: options.colourBar === undefined ? 'a.u.' : options.colourBar,
    scaleBar: options.scaleBar ?? { kind: 'auto' },
  });
  const panels = maps.map(panelOf);
  const bar = Math.max(0, ...panels.map((p) => colourBarWidth(p, style)));
  const top = Math.max(0, ...panels.map((p) => mapTop(p, style)));
  const aspect = mapAspect(mapAxis(place.xAxis), mapAxis(place.yAxis));
  const grid = gridOf(page);
  const rowHeight = (columns: number): number => top + (cellWidth(columns, grid) - bar) / aspect;
  const rows = (columns: number): number => Math.ceil(Math.max(1, maps.length) / columns);
  const columns =
    wholeColumns(options.perRow) ??
    bestColumns(
      maps.length,
      (c) => cellWidth(c, grid) - bar >= MIN_MAP_MM,
      (c) => gridHeight(rows(c), rowHeight(c), grid) <= (options.heightMm ?? preset.maxHeightMm),
    );
  const allowed = options.heightMm ?? preset.maxHeightMm;
  const most = (allowed - 2 * style.marginMm - (rows(columns) - 1) * style.gutterMm) / rows(columns);
  const cellHeight = Math.min(rowHeight(columns), most);
  const cells = gridCells(maps.length, columns, grid, cellHeight);
  return {
    title: options.title ?? `${place.what}s`,
    widthMm: preset.widthMm,
    heightMm: options.heightMm ?? gridHeight(rows(columns), cellHeight, grid),
    style,
    panels: panels.map((panel, i) => ({ ...panel, box: cells[i] as MapPanel['box'] })),
  };
}

const wholeColumns = (asked: number | undefined): number | undefined =>
  asked !== undefined && Number.isFinite(asked) ? Math.max(1, Math.round(asked)) : undefined;

const DEFAULT_PER_ROW = 3;
/** Narrower than this a map shows nothing. */
const MIN_MAP_MM = 12;

/** Three columns; fewer when maps would get too narrow, more when the page would get too high. */
function bestColumns(count: number, isWideEnough: (c: number) => boolean, fits: (c: number) => boolean): number {
  let start = Math.max(1, Math.min(DEFAULT_PER_ROW, count));
  while (start > 1 && !isWideEnough(start)) start--;
  for (let columns = start; columns <= count && isWideEnough(columns); columns++) if (fits(columns)) return columns;
  return start;
}

function colouring(maps: readonly NumberedMap[], options: MapOptions): { colormap: ColormapId; limits: Limits }[] {
  const anySigned = maps.some((m) => isSigned(m.values));
  const each = maps.map(({ values }) => {
    const signed = options.shareLimits === true ? anySigned : isSigned(values);
    return signed
      ? { colormap: 'blue-white-red' as const, limits: symmetricLimits(values) }
      : { colormap: options.colormap ?? 'viridis', limits: zeroBasedLimits(values) };
  });
  if (options.shareLimits !== true) return each;
  const limits = sharedLimits(each.map((e) => e.limits));
  return each.map((e) => ({ ...e, limits }));
}

const mapAxis = (axis: Axis): MapAxis => ({
  name: axis.name,
  units: axis.units,
  size: axis.size,
  scale: axis.scale,
  offset: axis.offset,
  values: axis.values,
});
