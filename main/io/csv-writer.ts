import { writeAtomically, type WriteOptions } from './atomic-write.ts';
import { writeFully } from './write-fully.ts';

type Cell = number | string | boolean;

/** A column of a table: numbers as they are, text for labels. */
export interface Column {
  name: string;
  rows: number;
  at(row: number): Cell | undefined;
}

/** A column of values that are there one after the other. */
export const columnOf = (name: string, values: ArrayLike<Cell>): Column => ({
  name,
  rows: values.length,
  at: (row) => values[row],
});

/** Quotes only what would break a line into the wrong cells (RFC 4180). */
const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A number with a decimal point in every locale, to its last bit; what is not a number is left empty. */
export function cellText(value: Cell | undefined): string {
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value).replace('Infinity', 'inf');
  return value === undefined ? '' : quote(String(value));
}

/** Header of a column with its unit: "energy (eV)". */
export const columnTitle = (name: string, units: string | null): string => (units ? `${name} (${units})` : name);

/** Cells that are turned into text at once: more would keep the window waiting. */
const cellsPerBlock = 2 ** 15;

/**
 * Writes a table as comma-separated text in UTF-8: a line of names, then one line per value, the axis in the first column.
 * Shorter columns leave their cells empty.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`
 */
export async function writeCsv(path: string, columns: readonly Column[], options: WriteOptions): Promise<void> {
  await writeAtomically(path, options, async (file) => {
    const encoder = new TextEncoder();
    const rows = columns.reduce((most, column) => Math.max(most, column.rows), 0);
    const linesPerBlock = Math.ceil(cellsPerBlock / Math.max(1, columns.length));
    await writeFully(file, encoder.encode(`${columns.map((column) => quote(column.name)).join(',')}\r\n`));
    for (let first = 0; first < rows; first += linesPerBlock) {
      let text = '';
      for (let row = first; row < Math.min(rows, first + linesPerBlock); row++) {
        text += `${columns.map((column) => cellText(row < column.rows ? column.at(row) : undefined)).join(',')}\r\n`;
      }
      await writeFully(file, encoder.encode(text));
    }
  });
}

/** The columns of a matrix in C order [rows × count]: loadings, factors, tables of a result. */
export const matrixColumns = (
  data: ArrayLike<number>,
  rows: number,
  count: number,
  title: (column: number) => string,
): Column[] =>
  Array.from({ length: count }, (_, column) => ({
    name: title(column),
    rows,
    at: (row) => data[row * count + column] ?? NaN,
  }));
