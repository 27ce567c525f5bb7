import type { Rect } from './drawing.ts';

/** Cells of a grid in reading order, in mm; `widthMm` is the page, `cellHeight` one row. */
export function gridCells(
  count: number,
  columns: number,
  page: { widthMm: number; marginMm: number; gutterMm: number },
  cellHeight: number,
): Rect[] {
  const width = cellWidth(columns, page);
  return Array.from({ length: count }, (_, i) => ({
    x: page.marginMm + (i % columns) * (width + page.gutterMm),
    y: page.marginMm + Math.floor(i / columns) * (cellHeight + page.gutterMm),
    width,
    height: cellHeight,
  }));
}

export const cellWidth = (columns: number, page: { widthMm: number; marginMm: number; gutterMm: number }): number =>
  (page.widthMm - 2 * page.marginMm - (columns - 1) * page.gutterMm) / columns;

/** Height of the page that holds `rows` rows of cells. */
export const gridHeight = (rows: number, cellHeight: number, page: { marginMm: number; gutterMm: number }): number =>
  2 * page.marginMm + rows * cellHeight + (rows - 1) * page.gutterMm;

export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What is left of a box inside its margins; never thinner than 1 mm, so that a crowded panel still draws. */
export function inside(box: Rect, margins: Margins): Rect {
  return {
    x: box.x + margins.left,
    y: box.y + margins.top,
    width: Math.max(1, box.width - margins.left - margins.right),
    height: Math.max(1, box.height - margins.top - margins.bottom),
  };
}

/** The largest rectangle of the given width:height inside a box, at its top left. */
export function fitAspect(box: Rect, aspect: number): Rect {
  const width = Math.min(box.width, box.height * aspect);
  return { x: box.x, y: box.y, width, height: width / aspect };
}
