import type { Axis } from '../../model/axes.ts';
import type { SpectrumRun } from './spectrum-runs.ts';
import { runsOf } from './spectrum-runs.ts';
import type { WdfHead } from './wdf-head.ts';
import type { WdfMap, WdfOrigin } from './wdf-lists.ts';
import { mapFlags } from './wdf-lists.ts';
import { originTypes, unitName } from './wdf-codes.ts';

type Cell = [x: number, y: number, z: number];

const axisTypes = [originTypes.x, originTypes.y, originTypes.z] as const;
const axisNames = ['X', 'Y', 'Z'] as const;

/**
 * Cell of the grid in which each spectrum was recorded, told by its position: true for every order of scanning. Null when
 * positions are not told or not those of the grid. Three numbers per spectrum.
 */
function cellsByPosition(map: WdfMap, origins: readonly WdfOrigin[], collected: number): Int32Array | null {
  const cells = new Int32Array(3 * collected);
  for (let axis = 0; axis < 3; axis++) {
    const size = map.length[axis]!;
    if (size <= 1) continue;
    const step = map.step[axis]!;
    const positions = origins.find(({ type }) => type === axisTypes[axis])?.values;
    if (positions === undefined || step === 0) return null;
    for (let i = 0; i < collected; i++) {
      const exact = (positions[i]! - map.location[axis]!) / step;
      const index = Math.round(exact);
      if (!(Math.abs(exact - index) < 0.3 && index >= 0 && index < size)) return null;
      cells[3 * i + axis] = index;
    }
  }
  return cells;
}

/** The same from the order of scanning that the map announces: rows or columns, each in one direction or to and fro. */
function cellsByOrder(map: WdfMap, collected: number): Int32Array {
  const cells = new Int32Array(3 * collected);
  const byColumns = (map.flags & mapFlags.columnMajor) !== 0;
  const toAndFro = (map.flags & mapFlags.alternating) !== 0;
  const fast = byColumns ? 1 : 0;
  const [nFast, nSlow] = byColumns ? [map.length[1], map.length[0]] : [map.length[0], map.length[1]];
  for (let i = 0; i < collected; i++) {
    const line = Math.floor(i / nFast);
    const along = i % nFast;
    cells[3 * i + fast] = toAndFro && line % 2 === 1 ? nFast - 1 - along : along;
    cells[3 * i + 1 - fast] = line % nSlow;
    cells[3 * i + 2] = Math.floor(line / nSlow);
  }
  return cells;
}

/** First and last index of the grid that was reached along each axis. */
function reached(cells: Int32Array, collected: number): { first: Cell; size: Cell } {
  const first: Cell = [Infinity, Infinity, Infinity];
  const last: Cell = [0, 0, 0];
  for (let i = 0; i < collected; i++) {
    for (let axis = 0; axis < 3; axis++) {
      const index = cells[3 * i + axis]!;
      if (index < first[axis]!) first[axis] = index;
      if (index > last[axis]!) last[axis] = index;
    }
  }
  return { first, size: last.map((index, axis) => index - first[axis]! + 1) as Cell };
}

export interface GridOrder {
  /** navigation axes, slowest first; axes of one position are left out */
  axes: Axis[];
  runs: SpectrumRun[];
  /** positions inside the map at which nothing was recorded */
  missing: number;
}

/**
 * The map of the spectra on the grid that was asked for, cut to the part that was reached when it was interrupted. Null when
 * the spectra are not on that grid, or so few of them that the map would be nearly empty.
 */
export function arrangeGrid(map: WdfMap, origins: readonly WdfOrigin[], head: WdfHead): GridOrder | null {
  const { collected, capacity } = head;
  const [nx, ny, nz] = map.length;
  if (nx * ny * nz !== capacity || (map.flags & mapFlags.random) !== 0) return null;
  const cells = cellsByPosition(map, origins, collected) ?? cellsByOrder(map, collected);
  const { first, size } = reached(cells, collected);
  const positions = size[0] * size[1] * size[2];
  if (positions > 4 * collected + 1024) return null;

  const spectrumAt = new Int32Array(positions).fill(-1);
  for (let i = 0; i < collected; i++) {
    const x = cells[3 * i]! - first[0];
    const y = cells[3 * i + 1]! - first[1];
    const z = cells[3 * i + 2]! - first[2];
    const at = (z * size[1] + y) * size[0] + x;
    if (spectrumAt[at] !== -1) return null;
    spectrumAt[at] = i;
  }
  const axes: Axis[] = [];
  for (const axis of [2, 1, 0] as const) {
    if (size[axis] === 1) continue;
    const unit = origins.find(({ type }) => type === axisTypes[axis])?.unit;
    const step = map.step[axis];
    axes.push({
      name: axisNames[axis],
      units: unit === undefined ? null : unitName(unit),
      size: size[axis],
      navigate: true,
      scale: step === 0 ? 1 : step,
      offset: step === 0 ? 0 : map.location[axis] + first[axis] * step,
    });
  }
  return { axes, runs: runsOf(spectrumAt), missing: positions - collected };
}
