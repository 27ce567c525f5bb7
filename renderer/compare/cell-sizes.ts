export interface CellSizes {
  /** width of the column with the names of the results */
  first: number;
  /** width of the column with the fit */
  fit: number;
  /** width of one component's column */
  column: number;
  /** side of the square that holds a map */
  picture: number;
}

const within = (low: number, value: number, high: number): number => Math.max(low, Math.min(high, value));

/**
 * Sizes in the table of the comparison, in pixels: columns share the width so that whole ones are seen; maps take what
 * the numbers and the rows leave.
 * @param width, height  room of the whole table
 */
export function cellSizes(width: number, height: number, columns: number, rows: number, scale: number): CellSizes {
  const first = Math.floor(within(150 * scale, 0.125 * width, 300 * scale));
  const fit = Math.floor(within(104 * scale, 0.08 * width, 150 * scale));
  const least = 166 * scale;
  const room = Math.max(least, width - first - fit);
  const whole = within(1, Math.floor(room / least), Math.max(1, columns));
  const column = Math.floor(room / whole);
  // padding and gap of a cell, and the shortest spectrum with "12 ×−1  0.98" beneath it
  const beside = 30 + 84 * scale;
  const perRow = (height - 66 * scale) / Math.max(1, rows) - 15;
  const picture = Math.floor(within(48 * scale, Math.min(0.6 * column, column - beside, perRow), 280 * scale));
  return { first, fit, column, picture };
}
