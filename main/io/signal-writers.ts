import { basename } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { signalExtensions, signalFormatOf, type SignalForm, type SignalFormat } from '../contract/signal-formats.ts';
import type { WriteOptions } from './atomic-write.ts';
import { writeBlockfile } from './signal-files/blockfile.ts';
import { writeSignalCsv } from './signal-files/csv.ts';
import { enviPaths, writeEnvi } from './signal-files/envi.ts';
import { writeSignalHspy } from './signal-files/hspy.ts';
import { writeMrc } from './signal-files/mrc.ts';
import { writeMsa } from './signal-files/msa.ts';
import { writeSignalNpy, writeSignalNpz } from './signal-files/numpy.ts';
import { writePng } from './signal-files/png.ts';
import { ripplePaths, writeRipple } from './signal-files/ripple.ts';
import type { SignalToWrite, WriteSignal, WrittenSignal } from './signal-files/signal-to-write.ts';
import { writeTiff } from './signal-files/tiff.ts';
import { writeSignalZspy } from './signal-files/zspy.ts';

/** The writer of every format of `main/contract/signal-formats.ts`, by its id. */
const writers: Readonly<Record<string, WriteSignal>> = {
  hspy: writeSignalHspy,
  zspy: writeSignalZspy,
  npy: writeSignalNpy,
  npz: writeSignalNpz,
  tiff: writeTiff,
  ripple: writeRipple,
  envi: writeEnvi,
  mrc: writeMrc,
  blockfile: writeBlockfile,
  msa: writeMsa,
  csv: writeSignalCsv,
  png: writePng,
};

/** The format of a path. @throws EigenscopeError `bad-request` when data cannot be written with this extension */
export function requireSignalFormat(path: string): SignalFormat {
  const format = signalFormatOf(path);
  if (format !== null && Object.hasOwn(writers, format.id)) return format;
  throw new EigenscopeError(
    'bad-request',
    `${basename(path)}: data are written as ${signalExtensions().join(', ')}. Choose one of these extensions.`,
    { path },
  );
}

/** @throws EigenscopeError `bad-request` when the format of this path cannot hold such a signal: why, and what can */
export function requireHolds(path: string, signal: SignalForm): SignalFormat {
  const format = requireSignalFormat(path);
  const why = format.refusal(signal);
  if (why === null) return format;
  throw new EigenscopeError('bad-request', `${basename(path)} (${format.title}): ${why}.`, { path, format: format.id });
}

/** Every file that writing to this path makes. */
export function placesOfSignal(path: string): string[] {
  const id = signalFormatOf(path)?.id;
  if (id === 'ripple') return Object.values(ripplePaths(path));
  if (id === 'envi') return Object.values(enviPaths(path));
  return [path];
}

/**
 * Writes a signal in the format of the path's extension, whole or not at all, block by block.
 * @throws EigenscopeError `bad-request` (the format cannot hold it), `exists`, `disk-full`, `not-writable`, and what its
 * pixels throw
 */
export async function writeSignal(path: string, signal: SignalToWrite, options: WriteOptions): Promise<WrittenSignal> {
  return writers[requireHolds(path, signal).id]!(path, signal, options);
}
