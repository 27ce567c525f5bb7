import type { SignalHeader } from '../../../workers/model/signal.ts';
import type { WriteOptions } from '../atomic-write.ts';
import type { ArrayData } from '../npy-writer.ts';

/** A signal on its way to a file: what its header says, and its pixels as often as they are asked for. */
export interface SignalToWrite extends Omit<SignalHeader, 'layout' | 'warnings' | 'options'> {
  /** elements in C order of `shape`, little-endian, in blocks of any size; from the start at every call */
  blocks: () => ArrayData;
}

export interface WrittenSignal {
  /** every file that was written */
  files: string[];
  /** what was changed on the way, in sentences */
  notes: string[];
}

/** Writes a signal whole or not at all: an old file stays when anything fails. */
export type WriteSignal = (path: string, signal: SignalToWrite, options: WriteOptions) => Promise<WrittenSignal>;
