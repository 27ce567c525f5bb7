import type { Axis } from '../../../workers/model/axes.ts';
import { axisValue, axisValues, plainAxis } from '../../../workers/model/axes.ts';
import { isXName, isYName } from '../../../workers/readers/table/labels.ts';
import { writeAtomically } from '../atomic-write.ts';
import { cellText, columnTitle } from '../csv-writer.ts';
import { writeFully } from '../write-fully.ts';
import { numbersOf } from './element-change.ts';
import type { SignalToWrite, WriteSignal } from './signal-to-write.ts';
import { wholeElements } from './write-in-order.ts';

/** Numbers are turned into text this many bytes of elements at a time. */
const pieceBytes = 2 ** 20;

interface Table {
  /** axes with a column of their own, slowest first */
  rows: Axis[];
  /** the axis whose values stand in the header; null for a single column of values */
  across: Axis | null;
}

/** Rows are pixels and columns channels; of an image, a row per pixel; of a single spectrum, a row per channel. */
function tableOf({ axes }: SignalToWrite): Table {
  const long = axes.filter((axis) => axis.size !== 1);
  const kept = long.length > 0 ? long : axes.slice(-1);
  const isImage = kept.length === 2 && kept.every((axis) => axis.navigate === kept[0]!.navigate);
  if (kept.length === 1 || isImage) return { rows: kept, across: null };
  // the table of a line has a column for y as well: its x alone could be taken for the axis of spectra side by side
  const places = kept.slice(0, -1);
  return { rows: places.length === 1 ? [plainAxis('y', 1, true), ...places] : places, across: kept.at(-1)! };
}

/** Titles of the columns of places; the last two are y and x, whatever else they were called. */
function titles({ rows, across }: Table): string[] {
  return rows.map((axis, i) => {
    const isPlace = rows.length > 1 || across !== null;
    const fromEnd = rows.length - 1 - i;
    const name =
      isPlace && fromEnd === 0 && !isXName(axis.name)
        ? 'x'
        : isPlace && fromEnd === 1 && !isYName(axis.name)
          ? 'y'
          : axis.name || 'axis';
    return columnTitle(name, axis.units);
  });
}

/** The places of one row along the axes of the rows. */
function places(rows: readonly Axis[], row: number): number[] {
  const values: number[] = [];
  let rest = row;
  for (const axis of [...rows].reverse()) {
    values.unshift(axisValue(axis, rest % axis.size));
    rest = Math.floor(rest / axis.size);
  }
  return values;
}

function headerLine(table: Table, { quantity }: SignalToWrite): string {
  const { across } = table;
  const values =
    across === null ? [columnTitle(quantity.name || 'Intensity', quantity.units)] : [...axisValues(across)];
  return [...titles(table), ...values].map(cellText).join(',');
}

/**
 * Writes spectra as a table in UTF-8, lines ending in CR LF, numbers to their last bit with a point.
 * - one spectrum: `Energy (eV),Intensity (counts)`, then a line per channel;
 * - spectra at pixels: `y (nm),x (nm),` and the positions of all channels, then a line per pixel: its place, its spectrum;
 * - an image: `y (nm),x (nm),Intensity (counts)`, then a line per pixel.
 * @throws EigenscopeError `exists`, `disk-full`, `not-writable`; what the pixels throw
 */
export const writeSignalCsv: WriteSignal = async (path, signal, options) => {
  const table = tableOf(signal);
  const width = table.across?.size ?? 1;
  const encoder = new TextEncoder();
  await writeAtomically(path, options, async (file) => {
    let text = `${headerLine(table, signal)}\r\n`;
    let at = 0;
    for await (const piece of wholeElements(path, signal, pieceBytes)) {
      const numbers = numbersOf(piece, signal.dtype);
      for (const value of numbers) {
        if (at % width === 0) {
          text += `${at === 0 ? '' : '\r\n'}${places(table.rows, at / width)
            .map(cellText)
            .join(',')}`;
        }
        text += `,${cellText(value)}`;
        at++;
      }
      await writeFully(file, encoder.encode(text));
      text = '';
    }
    await writeFully(file, encoder.encode('\r\n'));
  });
  const { across } = table;
  const isUntold = across !== null && across.units !== null && across.units !== '';
  return {
    files: [path],
    notes: isUntold
      ? [`The first line of the table has the positions along “${across.name}” without their unit (${across.units}).`]
      : [],
  };
};
