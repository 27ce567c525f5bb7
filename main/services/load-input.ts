import { createControlBlock } from '../../workers/control.ts';
import type { InputArray } from '../../workers/job.ts';
import { elementCount, isColour, isComplex, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { featureCount, sampleCount } from '../../workers/model/signal.ts';
import type { Pool } from './pool.ts';

/** Shared memory. @throws EigenscopeError `out-of-memory` also where memory is free but not in one piece */
export function allocateShared(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes);
  } catch (cause) {
    throw new EigenscopeError(
      'out-of-memory',
      `The data need ${Math.ceil(bytes / 2 ** 20)} MiB in one piece, which this computer does not have. Crop or bin the data.`,
      { bytes },
      cause,
    );
  }
}

/** All of X [samples × features] of a signal in shared memory, in the file's dtype. */
export async function loadCubeOf(pool: Pool, signal: SignalHeader): Promise<Extract<RowSource, { kind: 'shared' }>> {
  const buffer = allocateShared(elementCount(signal.shape) * itemSize(signal.dtype));
  await pool.run('load', { signal, buffer, control: createControlBlock() });
  return {
    kind: 'shared',
    buffer,
    dtype: signal.dtype,
    samples: sampleCount(signal.axes),
    features: featureCount(signal.axes),
  };
}

/** Masks and other small arrays that a parameter names: at most this many values. */
const mostValues = 2 ** 28;

/**
 * An array that a parameter names, as float64 in the signal's own shape.
 * @throws EigenscopeError `unsupported-format` for complex and colour data, `out-of-memory` for more than 2²⁸ values.
 */
export async function loadInputArray(pool: Pool, signal: SignalHeader): Promise<InputArray> {
  if (isComplex(signal.dtype) || isColour(signal.dtype)) {
    throw new EigenscopeError(
      'unsupported-format',
      `“${signal.title}” holds ${signal.dtype}; a mask or weight must be real numbers.`,
    );
  }
  const values = elementCount(signal.shape);
  if (values > mostValues) {
    throw new EigenscopeError(
      'out-of-memory',
      `“${signal.title}” holds ${values} values, too many for a mask or weight.`,
    );
  }
  const source = await loadCubeOf(pool, signal);
  const data = await pool.run('values', source);
  return { shape: signal.shape, dtype: signal.dtype, data };
}
