import { writeZspy } from '../zspy-writer/write-zspy.ts';
import type { WriteSignal } from './signal-to-write.ts';

/** HyperSpy's own format in Zarr, a folder: everything that is known about the signal. */
export const writeSignalZspy: WriteSignal = async (path, { blocks, ...signal }, options) => {
  await writeZspy(path, { signals: [{ ...signal, data: blocks() }] }, options);
  return { files: [path], notes: [] };
};
