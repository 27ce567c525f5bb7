import { writeHspy } from '../hspy-writer.ts';
import type { WriteSignal } from './signal-to-write.ts';

/** Writes data, axes and metadata as HyperSpy's own file. */
export const writeSignalHspy: WriteSignal = async (path, { blocks, ...signal }, options) => {
  await writeHspy(path, { signals: [{ ...signal, data: blocks() }] }, options);
  return { files: [path], notes: [] };
};
