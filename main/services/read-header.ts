import type { Axis } from '../../workers/model/axes.ts';
import type { FileHeader } from '../../workers/model/signal.ts';
import type { ReadHints } from '../../workers/readers/reader.ts';
import type { Pool } from './pool.ts';

/** Sizes of axes as the array has them: a file may say otherwise of its own calibration. */
const fitAxes = (axes: readonly Axis[], shape: readonly number[]): Axis[] =>
  axes.map((axis, i) => (axis.size === shape[i] ? axis : { ...axis, size: shape[i]! }));

/**
 * The signals of a file as data to work on: every axis has the size of its dimension. (`info` shows the header as the
 * file has it.)
 */
export async function readHeader(pool: Pool, path: string, hints: ReadHints): Promise<FileHeader> {
  const header = await pool.run('header', { path, hints });
  return {
    ...header,
    signals: header.signals.map((signal) => ({ ...signal, axes: fitAxes(signal.axes, signal.shape) })),
  };
}
