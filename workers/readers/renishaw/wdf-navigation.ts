import { basename } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { elementCount } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { navigationName } from '../hints.ts';
import type { ReadHints } from '../reader.ts';
import type { SpectrumRun } from './spectrum-runs.ts';
import { originTypes, unitName } from './wdf-codes.ts';
import { arrangeGrid } from './wdf-grid.ts';
import type { WdfHead } from './wdf-head.ts';
import type { WdfMap, WdfOrigin } from './wdf-lists.ts';
import { mapFlags } from './wdf-lists.ts';

/** Where the spectra of a file belong. */
export interface WdfArrangement {
  axes: Axis[];
  runs: SpectrumRun[];
  warnings: string[];
}

/** An axis through these positions: uniform where they are evenly spaced, else the list of them. */
function axisThrough(name: string, units: string | null, positions: Float64Array): Axis {
  const size = positions.length;
  const first = positions[0] ?? 0;
  const scale = size > 1 ? (positions[size - 1]! - first) / (size - 1) : 1;
  const isKnown = positions.every(Number.isFinite);
  if (!isKnown || scale === 0) return { ...plainAxis(name, size, true), units: isKnown ? units : null };
  const room = 1e-3 * Math.abs(scale);
  const isEven = positions.every((value, i) => Math.abs(value - (first + i * scale)) <= room);
  const axis: Axis = { name, units, size, navigate: true, scale, offset: first };
  return isEven ? axis : { ...axis, values: Array.from(positions) };
}

/** Distance of each position from the first, in the plane of the stage. */
function distances(x: WdfOrigin, y: WdfOrigin): Float64Array {
  const x0 = x.values[0]!;
  const y0 = y.values[0]!;
  return x.values.map((value, i) => Math.hypot(value - x0, y.values[i]! - y0));
}

function lineAxis(origins: readonly WdfOrigin[]): Axis | null {
  const x = origins.find(({ type }) => type === originTypes.x);
  const y = origins.find(({ type }) => type === originTypes.y);
  if (x === undefined || y === undefined) return null;
  return axisThrough('Abs. Distance', unitName(x.unit), distances(x, y));
}

const isBookkeeping = (type: number): boolean => type === originTypes.checksum || type === originTypes.flags;

/** What a series stepped through: the focus, else what the file marks, else time. */
function seriesAxis(origins: readonly WdfOrigin[], count: number): Axis {
  // the focus that was found is a result, not a scale: it may go up and down
  if (origins.some(({ type }) => type === originTypes.focusTrack)) return plainAxis('FocusTrack_Z', count, true);
  const stepped = origins.filter(({ type }) => !isBookkeeping(type));
  const chosen =
    stepped.find(({ isPrimary, type }) => isPrimary && type !== originTypes.time) ??
    stepped.find(({ type }) => type === originTypes.time || type === originTypes.elapsedTime);
  if (chosen === undefined) return plainAxis('Spectrum', count, true);
  return axisThrough(chosen.label || 'Position', unitName(chosen.unit), chosen.values);
}

/** All spectra as a person says they are arranged. */
function arrangeTold(path: string, shape: readonly number[], head: WdfHead): WdfArrangement {
  if (elementCount(shape) !== head.collected) {
    throw new EigenscopeError(
      'shape-mismatch',
      `${basename(path)} holds ${head.collected} spectra; a navigation shape of ${shape.join(' × ')} does not fit. Give a shape whose product is ${head.collected}.`,
      { path },
    );
  }
  const axes = shape.map((size, i) => plainAxis(navigationName(shape.length - 1 - i), size, true));
  return { axes, runs: [[0, 1, head.collected]], warnings: [] };
}

/**
 * Navigation axes and the order of the spectra along them, from the kind of the measurement, the map area and the
 * positions of the spectra.
 * @throws EigenscopeError `shape-mismatch` when the hint does not fit
 */
export function arrangeSpectra(
  path: string,
  head: WdfHead,
  origins: readonly WdfOrigin[],
  map: WdfMap | null,
  hints: ReadHints,
): WdfArrangement {
  const { collected, capacity } = head;
  if (hints.navigationShape !== undefined) return arrangeTold(path, hints.navigationShape, head);
  const warnings: string[] = [];
  if (collected < capacity) {
    warnings.push(`The measurement was interrupted: ${collected} of ${capacity} spectra were recorded.`);
  }
  if (head.measurement === 'unspecified' && map === null) {
    if (collected > 1) {
      warnings.push(
        `The file does not say what its ${collected} spectra are; the first is read. A navigation shape of ${collected} reads them all.`,
      );
    }
    return { axes: [], runs: [[0, 1, 1]], warnings };
  }
  if (collected === 1) return { axes: [], runs: [[0, 1, 1]], warnings };
  const inOrder: SpectrumRun[] = [[0, 1, collected]];
  if (map === null) {
    const axis =
      head.measurement === 'series' ? seriesAxis(origins, collected) : plainAxis('Spectrum', collected, true);
    return { axes: [axis], runs: inOrder, warnings };
  }
  if ((map.flags & mapFlags.line) !== 0) {
    const axis = lineAxis(origins);
    if (axis !== null) return { axes: [axis], runs: inOrder, warnings };
  }
  const grid = arrangeGrid(map, origins, head);
  if (grid === null) {
    warnings.push('The spectra are not on a grid; they follow one another in the order of recording.');
    return { axes: [plainAxis('Spectrum', collected, true)], runs: inOrder, warnings };
  }
  if (grid.missing > 0) warnings.push(`${grid.missing} positions of the map were not recorded and are read as NaN.`);
  return { axes: grid.axes, runs: grid.runs, warnings };
}
