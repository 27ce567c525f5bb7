import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createControlBlock } from '../../workers/control.ts';
import { plainAxis, type Axis } from '../../workers/model/axes.ts';
import { elementCount, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { SignalHeader } from '../../workers/model/signal.ts';
import type {
  MaskOrigin,
  NamedOrigin,
  PreparationStep,
  SessionDataset,
  SourceFile,
  ValuesOrigin,
} from '../contract/session.ts';
import { loadCubeOf } from './load-input.ts';
import type { Pool } from './pool.ts';
import { readHeader } from './read-header.ts';

/** Small arrays as the session keeps them: exact, whatever their values. */
export const packMeasured = (measured: Readonly<Record<string, Float64Array>>): PreparationStep['measured'] =>
  Object.fromEntries(
    Object.entries(measured).map(([name, values]) => [
      name,
      Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64'),
    ]),
  );

const unpackMeasured = (packed: PreparationStep['measured']): Record<string, Float64Array> =>
  Object.fromEntries(
    Object.entries(packed).map(([name, text]) => [
      name,
      new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer),
    ]),
  );

/** A mask as a signal: 1 where a pixel is left out. */
export function signalOfMask({ name, shape, runs }: MaskOrigin): SignalHeader {
  const bytes = new Uint8Array(elementCount(shape));
  for (let i = 0; i < runs.length; i += 2) bytes.fill(1, runs[i], runs[i + 1]);
  return {
    title: name,
    signalType: '',
    shape,
    dtype: 'bool',
    axes: shape.map((size, i) => plainAxis(['x', 'y', 'z'][shape.length - 1 - i] ?? `axis ${i}`, size, true)),
    quantity: { name: 'Mask', units: null },
    metadata: {},
    originalMetadata: {},
    layout: { kind: 'bytes', bytes },
    warnings: [],
  };
}

/** Steps are part of the session's manifest, which is written as a whole: references of a camera fit, images do not. */
const mostHeldBytes = 2 ** 18;

/** A signal with its values, or null when it is too large to be kept with a step. */
export async function holdValues(pool: Pool, name: string, signal: SignalHeader): Promise<ValuesOrigin | null> {
  const { dtype, axes, shape } = signal;
  if (elementCount(shape) * itemSize(dtype) > mostHeldBytes) return null;
  const { buffer } = await loadCubeOf(pool, signal);
  return { name, dtype, axes, values: Buffer.from(new Uint8Array(buffer)).toString('base64') };
}

/** @throws EigenscopeError `corrupt-file` when the values are not as many as the axes say */
function signalOfValues({ name, dtype, axes, values }: ValuesOrigin): SignalHeader {
  const shape = axes.map(({ size }) => size);
  const bytes = Uint8Array.from(Buffer.from(values, 'base64'));
  if (bytes.length !== elementCount(shape) * itemSize(dtype)) {
    throw new EigenscopeError(
      'corrupt-file',
      `“${name}”, which data of this project were prepared with, is damaged: it has ${bytes.length} bytes for ${shape.join(' × ')} values of ${dtype}.`,
    );
  }
  return {
    title: name,
    signalType: '',
    shape,
    dtype,
    axes,
    quantity: { name: '', units: null },
    metadata: {},
    originalMetadata: {},
    layout: { kind: 'bytes', bytes },
    warnings: [],
  };
}

/** Where a mask is true, as runs of pixels. */
export function runsOf(mask: ArrayLike<number>): number[] {
  const runs: number[] = [];
  for (let i = 0; i < mask.length; i++) {
    if ((mask[i] !== 0) !== (i > 0 && mask[i - 1] !== 0)) runs.push(i);
  }
  if (mask.length > 0 && mask[mask.length - 1] !== 0) runs.push(mask.length);
  return runs;
}

const withAxes = (signal: SignalHeader, axes: readonly Axis[] | null | undefined): SignalHeader =>
  axes && axes.length === signal.axes.length && axes.every((axis, i) => axis.size === signal.axes[i]!.size)
    ? { ...signal, axes }
    : signal;

async function signalOfFile(pool: Pool, source: SourceFile): Promise<SignalHeader | null> {
  const header = await readHeader(pool, source.file, source.hints);
  return header.signals[source.signal] ?? null;
}

/** Signals that go with a step come from files of their own, which may have changed. */
async function requireSame({ file, fileBytes, fileModified }: SourceFile): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found !== null && found.size === fileBytes && Math.abs(found.mtimeMs - fileModified) <= 1) return;
  throw new EigenscopeError(
    'file-changed',
    `${basename(file)}, which these data were prepared with, ${found === null ? 'is not there any more' : 'has changed since'}. Put it back, or prepare the data anew.`,
    { path: file },
  );
}

/** A signal that a step names, made (again) from what the session says of it. */
export async function signalOfOrigin(pool: Pool, origin: NamedOrigin): Promise<SignalHeader> {
  if ('runs' in origin) return signalOfMask(origin);
  if ('values' in origin) return signalOfValues(origin);
  await requireSame(origin);
  const signal = await signalOfFile(pool, origin);
  if (signal === null) {
    throw new EigenscopeError('not-found', `${basename(origin.file)} no longer holds signal ${origin.signal}.`);
  }
  return applySteps(pool, withAxes(signal, origin.axes), origin.steps);
}

/** The signal after some steps; nothing is measured again. */
export async function applySteps(
  pool: Pool,
  signal: SignalHeader,
  steps: readonly PreparationStep[],
): Promise<SignalHeader> {
  let at = signal;
  for (const step of steps) {
    const inputs: Record<string, SignalHeader[]> = {};
    for (const [param, origins] of Object.entries(step.inputs)) {
      inputs[param] = [];
      for (const origin of origins) inputs[param].push(await signalOfOrigin(pool, origin));
    }
    const made = await pool.run('derive', {
      derivation: {
        operation: step.operation,
        values: step.values,
        signal: at,
        inputs,
        measured: unpackMeasured(step.measured),
      },
      measure: false,
      control: createControlBlock(),
    });
    at = withAxes(made, step.axes);
  }
  return at;
}

/** The signal of a data set of the session, its preparation included; null when the file no longer holds it. */
export async function signalOfDataset(pool: Pool, dataset: SessionDataset): Promise<SignalHeader | null> {
  const signal = await signalOfFile(pool, dataset);
  if (signal === null || dataset.derivation === undefined) return signal;
  return applySteps(pool, withAxes(signal, dataset.derivation.axes), dataset.derivation.steps);
}
