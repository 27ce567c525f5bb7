import type { Axis } from '../../model/axes.ts';
import { plainAxis } from '../../model/axes.ts';
import { corrupt } from '../file-bytes.ts';
import type { XmlElement } from '../xml.ts';

/** A recorded frame: rows of values, and where on the stage it was taken (nm) if that is told. */
export interface TvfFrame {
  values: Float64Array;
  position: readonly number[] | null;
  /** ticks of 100 ns */
  time: number;
}

/** @throws EigenscopeError `corrupt-file` when a frame has not the values that it announces */
export function readFrame(path: string, frame: XmlElement, size: number): TvfFrame {
  const pieces = frame.text === '' ? [] : frame.text.replace(/;\s*$/, '').split(';');
  // decimal commas: files are written in the language of the computer
  const values = Float64Array.from(pieces, (piece) => Number(piece.replace(',', '.')));
  if (values.length !== size || values.some(Number.isNaN)) {
    throw corrupt(path, `a frame has ${values.length} values`, `${size} numbers were expected`);
  }
  const told = frame.attributes['ValuePosition'];
  const position = told === undefined ? null : told.split(';').map((piece) => Number(piece.replace(',', '.')));
  return {
    values,
    position: position !== null && position.length >= 2 && position.every(Number.isFinite) ? position : null,
    time: Number(frame.attributes['TimeStamp'] ?? NaN),
  };
}

/** Where frames belong: navigation axes, slowest first, and the frame at each position. */
export interface TvfArrangement {
  axes: Axis[];
  order: Int32Array;
  warnings: string[];
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)].toSorted((a, b) => a - b);

function stageAxis(name: string, positions: readonly number[]): Axis {
  const size = positions.length;
  const offset = positions[0]! / 1000;
  const scale = (positions[size - 1]! - positions[0]!) / 1000 / (size - 1);
  const isEven = positions.every((at, i) => Math.abs(at / 1000 - (offset + i * scale)) <= 1e-3 * scale);
  const axis: Axis = { name, units: 'µm', size, navigate: true, scale, offset };
  return isEven ? axis : { ...axis, values: positions.map((at) => at / 1000) };
}

const inOrder = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

/** Frames on the grid of their positions, in whatever order they were scanned; one after another when they make none. */
export function arrangeFrames(frames: readonly TvfFrame[]): TvfArrangement {
  const count = frames.length;
  if (count === 1) return { axes: [], order: inOrder(1), warnings: [] };
  const positions = frames.map(({ position }) => position);
  if (positions.every((position) => position !== null)) {
    const names = ['X', 'Y', 'Z'];
    const grid = names
      .map((name, axis) => ({ name, axis, values: distinct(positions.map((position) => position[axis] ?? 0)) }))
      .filter(({ values }) => values.length > 1);
    const cells = grid.reduce((n, { values }) => n * values.length, 1);
    const order = new Int32Array(cells === count ? count : 0).fill(-1);
    if (order.length > 0) {
      const places = grid.map(({ values }) => new Map(values.map((value, i) => [value, i])));
      positions.forEach((position, frame) => {
        // x runs fastest
        const at = grid.reduceRight(
          (sum, { axis, values }, i) => sum * values.length + places[i]!.get(position[axis] ?? 0)!,
          0,
        );
        order[at] = frame;
      });
      if (!order.includes(-1)) {
        return { axes: grid.map(({ name, values }) => stageAxis(name, values)).reverse(), order, warnings: [] };
      }
    }
    return {
      axes: [plainAxis('Spectrum', count, true)],
      order: inOrder(count),
      warnings: ['The positions of the frames make no full grid; they follow one another in the order of recording.'],
    };
  }
  const first = frames[0]!.time;
  const seconds = frames.map(({ time }) => (time - first) / 1e7);
  const isSeries = seconds.every((at, i) => Number.isFinite(at) && (i === 0 || at > seconds[i - 1]!));
  const scale = seconds[count - 1]! / (count - 1);
  return {
    axes: [
      isSeries
        ? { name: 'Time', units: 's', size: count, navigate: true, scale, offset: 0, values: seconds }
        : plainAxis('Frame', count, true),
    ],
    order: inOrder(count),
    warnings: [],
  };
}
