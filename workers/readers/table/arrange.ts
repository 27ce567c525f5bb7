import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import type { Metadata } from '../../model/signal.ts';
import type { Column, Grid } from './grid.ts';
import { findGrid } from './grid.ts';
import type { Label } from './labels.ts';
import { isPositionName, isSpectralName, isSpectralUnit, isXName, isYName, numberLabel, parseLabel } from './labels.ts';
import type { Place } from './place.ts';
import { inOrder } from './place.ts';

/** Which number of the table goes where; all plain values, so that it can travel with the header. */
export type TablePlan = {
  /** spectra side by side; spectra below one another; one line per value: all channels of a pixel, or all pixels of a channel */
  mode: 'columns' | 'rows' | 'pixels' | 'images';
  /** lines that are used */
  rows: number;
  /** the first column of values and how many there are */
  skip: number;
  take: number;
  /** channels of a spectrum */
  channels: number;
  place: Place;
};

export interface Arrangement {
  plan: TablePlan;
  axes: Axis[];
  quantity: { name: string; units: string | null };
  extra: Metadata;
  warnings: string[];
}

/** A table as far as it must be known to see what it is. */
export interface TableFacts {
  columns: number;
  rows: number;
  /** the first columns (up to three), all lines */
  leading: readonly Column[];
  names: readonly string[] | null;
  decimalComma: boolean;
}

const mostListed = 100_000;
const intensity: Label = { name: 'Intensity', units: null };
const joined = (warnings: (string | false)[]): string[] => warnings.filter((w): w is string => w !== false);

function isMonotonic(column: Column, from = 0, to = column.length): boolean {
  if (to - from < 2) return false;
  const up = column.at(from + 1) > column.at(from);
  for (let i = from + 1; i < to; i++) {
    const rises = column.at(i) > column.at(i - 1);
    if (!(up ? rises : column.at(i) < column.at(i - 1))) return false;
  }
  return true;
}

/** An axis of these coordinates: uniform when they are even to a thousandth of a step, else with every value listed. */
export function axisOf(label: Label, values: readonly number[], navigate: boolean, tolerance = 1e-3): Axis {
  const size = values.length;
  const offset = values[0] ?? 0;
  const scale = size > 1 ? (values[size - 1]! - offset) / (size - 1) : 1;
  const axis: Axis = { name: label.name, units: label.units, size, navigate, scale: scale || 1, offset };
  const even =
    scale !== 0 && values.every((value, i) => Math.abs(value - offset - i * scale) <= tolerance * Math.abs(scale));
  return even || size < 2 ? axis : { ...axis, values: [...values] };
}

const listOf = (column: Column): number[] => Array.from({ length: column.length }, (_, i) => column.at(i));

/** Columns named by their positions on an axis, from the first of them to the end. */
function namedAxis(facts: TableFacts): { first: number; values: number[]; units: string | null } | null {
  const { names, decimalComma } = facts;
  if (names === null) return null;
  const numbers = names.map((name) => numberLabel(name, decimalComma));
  let first = numbers.length;
  while (first > 0 && numbers[first - 1] !== null) first--;
  if (first > 3 || numbers.length - first < 2) return null;
  const rest = numbers.slice(first).map((number) => number!.value);
  const column: Column = { length: rest.length, at: (i) => rest[i]! };
  // a corner that is a number by chance
  if (first === 0 && rest.length > 3 && !isMonotonic(column)) {
    first = 1;
    rest.shift();
  }
  return isMonotonic({ length: rest.length, at: (i) => rest[i]! })
    ? { first, values: rest, units: numbers.at(-1)!.units }
    : null;
}

const labelAt = (facts: TableFacts, column: number): Label => parseLabel(facts.names?.[column] ?? '');

/** Navigation axes of positions: y and x of a grid, one axis of a line, or one axis of points anywhere. */
function navigationOf(
  facts: TableFacts,
  xColumn: number,
  yColumn: number,
  x: Column,
  y: Column,
): { axes: Axis[]; place: Place; extra: Metadata; warning: string | false } {
  const name = (column: number, fallback: string): Label => {
    const { name: told, units } = labelAt(facts, column);
    return { name: isXName(told) || isYName(told) || told === '' ? fallback : told, units };
  };
  const grid: Grid | null = findGrid(x, y);
  if (grid !== null) {
    const axes = [
      ...(grid.y.length > 1 ? [axisOf(name(yColumn, 'y'), grid.y, true, 0.05)] : []),
      ...(grid.x.length > 1 || grid.y.length === 1 ? [axisOf(name(xColumn, 'x'), grid.x, true, 0.05)] : []),
    ];
    return { axes, place: grid.place, extra: {}, warning: false };
  }
  const positions: Metadata = { x: listOf(x).slice(0, mostListed), y: listOf(y).slice(0, mostListed) };
  return {
    axes: [plainAxis('position', x.length, true)],
    place: inOrder(x.length),
    extra: { positions },
    warning:
      'The positions do not fill a grid: the spectra lie on one axis in the order of the file, and the positions are in the original metadata.',
  };
}

/** x and y among two columns, by their names; x first when they tell nothing. */
const positionColumns = (facts: TableFacts, first: number): [x: number, y: number] => {
  const name = labelAt(facts, first).name;
  const next = labelAt(facts, first + 1).name;
  return isYName(name) || (isXName(next) && !isXName(name)) ? [first + 1, first] : [first, first + 1];
};

/** One line per value: x, y, channel, intensity. */
function longForm(facts: TableFacts): Arrangement | null {
  const { columns, leading } = facts;
  if (columns !== 4 || leading.length < 3 || facts.rows < 4) return null;
  const named = facts.names !== null && isSpectralName(labelAt(facts, 2).name);
  const [xColumn, yColumn] = positionColumns(facts, 0);
  const [x, y, channel] = [leading[xColumn]!, leading[yColumn]!, leading[2]!];
  const samePosition = (a: number, b: number): boolean => x.at(a) === x.at(b) && y.at(a) === y.at(b);
  const all = facts.rows;
  // all channels of a pixel one after another, or all pixels of a channel
  let channels = 1;
  while (channels < all && samePosition(channels, 0)) channels++;
  let pixels = 1;
  while (pixels < all && channel.at(pixels) === channel.at(0)) pixels++;
  const mode = channels > 1 ? 'pixels' : 'images';
  if (mode === 'pixels') pixels = Math.floor(all / channels);
  else channels = Math.floor(all / pixels);
  if (channels < (named ? 2 : 3) || pixels < 1 || (!named && pixels < 2)) return null;
  const used = channels * pixels;
  const [step, pixelStep] = mode === 'pixels' ? [1, channels] : [pixels, 1];
  for (let p = 0; p < pixels; p++) {
    for (let k = 0; k < channels; k++) {
      const r = p * pixelStep + k * step;
      if (!samePosition(r, p * pixelStep)) return null;
      if (Math.abs(channel.at(r) - channel.at(k * step)) > 1e-6 * Math.abs(channel.at(k * step))) return null;
    }
  }
  const of = (column: Column): Column => ({ length: pixels, at: (p) => column.at(p * pixelStep) });
  const axis = Array.from({ length: channels }, (_, k) => channel.at(k * step));
  if (!isMonotonic({ length: channels, at: (k) => axis[k]! })) return null;
  const navigation = navigationOf(facts, xColumn, yColumn, of(x), of(y));
  const label = labelAt(facts, 2);
  const value = labelAt(facts, 3);
  return {
    plan: { mode, rows: used, skip: 3, take: 1, channels, place: navigation.place },
    axes: [...navigation.axes, axisOf({ name: label.name || 'channel', units: label.units }, axis, false)],
    quantity: value.name === '' ? intensity : value,
    extra: navigation.extra,
    warnings: joined([
      navigation.warning,
      !named && 'The columns were taken for x, y, channel and intensity, one line per value.',
      used < all && `${all - used} values at the end make no whole spectrum and are left out.`,
    ]),
  };
}

/** Spectra below one another, their channels named by their positions on the axis. */
function spectraInRows(facts: TableFacts, named: NonNullable<ReturnType<typeof namedAxis>>): Arrangement {
  const { first, values, units } = named;
  const rows = facts.rows;
  const signal = axisOf({ name: 'channel', units }, values, false);
  const plan = { mode: 'rows' as const, rows, skip: first, take: values.length, channels: values.length };
  if (first >= 2) {
    const skipIndex = first === 3 && !isXName(labelAt(facts, 0).name) && !isYName(labelAt(facts, 0).name) ? 1 : 0;
    const [xColumn, yColumn] = positionColumns(facts, skipIndex);
    const navigation = navigationOf(facts, xColumn, yColumn, facts.leading[xColumn]!, facts.leading[yColumn]!);
    const told = isXName(labelAt(facts, xColumn).name) || isYName(labelAt(facts, yColumn).name);
    return {
      plan: { ...plan, place: navigation.place },
      axes: [...navigation.axes, signal],
      quantity: intensity,
      extra: navigation.extra,
      warnings: joined([navigation.warning, !told && 'The first two columns were taken for the positions x and y.']),
    };
  }
  const lead = facts.leading[0];
  const along =
    first === 1 && lead !== undefined && isMonotonic(lead)
      ? axisOf({ ...labelAt(facts, 0), name: labelAt(facts, 0).name || 'spectrum' }, listOf(lead), true)
      : plainAxis('spectrum', rows, true);
  return {
    plan: { ...plan, place: inOrder(rows) },
    axes: rows > 1 ? [along, signal] : [signal],
    quantity: intensity,
    extra: {},
    warnings: ['Every line was taken for a spectrum, the line above them for its axis.'],
  };
}

/** Spectra side by side, the axis in the first column. */
function spectraInColumns(facts: TableFacts, named: ReturnType<typeof namedAxis>): Arrangement {
  const { rows, columns } = facts;
  const lead = labelAt(facts, 0);
  const label = { name: lead.name || 'channel', units: lead.units };
  const signal = axisOf(label, listOf(facts.leading[0]!), false);
  const spectra = columns - 1;
  const across =
    named !== null && named.values.length === spectra
      ? axisOf({ name: 'spectrum', units: named.units }, named.values, true)
      : plainAxis('spectrum', spectra, true);
  const value = labelAt(facts, 1);
  return {
    plan: { mode: 'columns', rows, skip: 1, take: spectra, channels: rows, place: inOrder(spectra) },
    axes: spectra > 1 ? [across, signal] : [signal],
    quantity: spectra === 1 && value.name !== '' && !/^-?\d/.test(value.name) ? value : intensity,
    extra: {},
    warnings: spectra > 1 ? [`The first column was taken for the axis, the other ${spectra} for spectra.`] : [],
  };
}

/** A picture as one line per point: x, y, value. */
function mapOfValues(facts: TableFacts): Arrangement | null {
  if (facts.columns !== 3 || facts.leading.length < 3 || facts.names === null) return null;
  const [xColumn, yColumn] = positionColumns(facts, 0);
  if (!isXName(labelAt(facts, xColumn).name) || !isYName(labelAt(facts, yColumn).name)) return null;
  const navigation = navigationOf(facts, xColumn, yColumn, facts.leading[xColumn]!, facts.leading[yColumn]!);
  const value = labelAt(facts, 2);
  return {
    plan: { mode: 'rows', rows: facts.rows, skip: 2, take: 1, channels: 1, place: navigation.place },
    axes: navigation.axes.map((axis) => ({ ...axis, navigate: false })),
    quantity: value.name === '' ? intensity : value,
    extra: navigation.extra,
    warnings: joined([navigation.warning]),
  };
}

/** Whether spectra lie below one another when both the first column and the names could be their axis. */
function prefersRows(facts: TableFacts, named: NonNullable<ReturnType<typeof namedAxis>>): boolean {
  const lead = labelAt(facts, 0);
  if (isSpectralName(lead.name) || isSpectralUnit(lead.units)) return false;
  if (isSpectralUnit(named.units) || isPositionName(lead.name)) return true;
  return named.values.length >= facts.rows;
}

/** The likeliest meaning of a table; what had to be assumed is among the warnings. */
export function arrangeTable(facts: TableFacts): Arrangement {
  const { rows, columns, leading } = facts;
  const named = namedAxis(facts);
  const risesDown = leading[0] !== undefined && columns > 1 && isMonotonic(leading[0]);
  if (named !== null) {
    if (named.first !== 1) {
      if (named.first > 1 || !risesDown) return spectraInRows(facts, named);
      return prefersRows(facts, named) ? spectraInRows(facts, named) : spectraInColumns(facts, null);
    }
    return !risesDown || prefersRows(facts, named) ? spectraInRows(facts, named) : spectraInColumns(facts, named);
  }
  const told = longForm(facts) ?? mapOfValues(facts);
  if (told !== null) return told;
  if (risesDown) return spectraInColumns(facts, null);
  const alone = columns === 1;
  const label = labelAt(facts, 0);
  return {
    plan: alone
      ? { mode: 'columns', rows, skip: 0, take: 1, channels: rows, place: inOrder(1) }
      : { mode: 'rows', rows, skip: 0, take: columns, channels: columns, place: inOrder(rows) },
    axes: alone
      ? [plainAxis('channel', rows, false)]
      : [...(rows > 1 ? [plainAxis('spectrum', rows, true)] : []), plainAxis('channel', columns, false)],
    quantity: alone && label.name !== '' ? label : intensity,
    extra: {},
    warnings: alone
      ? []
      : ['No axis was found in the first line or column: every line was taken for a spectrum without calibration.'],
  };
}
