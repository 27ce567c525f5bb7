import type * as H5wasm from 'h5wasm/node';
import { limitMemory, type MakeRoom } from './hdf5-memory.ts';

export type Hdf5Module = Awaited<typeof H5wasm.ready>;

/** The HDF5 library with a memory of its own. */
interface Instance {
  module: Hdf5Module;
  makeRoom: MakeRoom;
  openFiles: number;
  isRetired: boolean;
  /** identities of files in which a call broke off: the library may still have them open, with their old content */
  leftOpen: Set<string>;
}

type Factory = (options: { noInitialRun: boolean; printErr: (line: string) => void }) => Promise<Hdf5Module>;

/** So many files are left open by broken-off calls before the instance is given up. */
const mostLeftOpen = 64;

let current: Promise<Instance> | null = null;

/**
 * h5wasm makes one instance for good; its factory stands beside its entry and makes as many as are needed. Calls of the
 * library must throw on failure: without the throwing error handler a failed read returns whatever was in memory.
 */
async function instantiate(): Promise<Instance> {
  const factory = new URL('./hdf5_util.js', import.meta.resolve('h5wasm/node')).href;
  const { default: create } = (await import(/* @vite-ignore */ factory)) as { default: Factory };
  // What it would print comes again with the error that it throws.
  const module = await create({ noInitialRun: true, printErr: () => undefined });
  module.activate_throwing_error_handler();
  return { module, makeRoom: limitMemory(module), openFiles: 0, isRetired: false, leftOpen: new Set() };
}

/**
 * The library of this thread, loaded on first use, for one more open file; `release` when that is closed.
 * @param identity of the file (device and number): one that a broken-off call has left open gets a fresh instance
 */
export async function acquireHdf5Library(
  identity: string,
  fileBytes: number,
): Promise<{ module: Hdf5Module; release: () => void }> {
  current ??= instantiate();
  let instance = await current;
  if (instance.leftOpen.has(identity) || instance.leftOpen.size > mostLeftOpen) {
    retireHdf5Library();
    current ??= instantiate();
    instance = await current;
  }
  instance.makeRoom(fileBytes);
  instance.openFiles += 1;
  let isHeld = true;
  return {
    module: instance.module,
    release() {
      if (!isHeld) return;
      isHeld = false;
      instance.openFiles -= 1;
      closeWhenUnused(instance);
    },
  };
}

/** Remembers that a call broke off in this file: objects of it stay open in the library, and so does the file. */
export function markLeftOpen(identity: string): void {
  void current?.then((instance) => instance.leftOpen.add(identity));
}

/**
 * Gives up the present instance: after a trap its memory cannot be trusted, after failures it holds files open.
 * The next file gets a fresh one; files that are open in the old one are not disturbed.
 */
export function retireHdf5Library(): void {
  const retiring = current;
  current = null;
  void retiring?.then((instance) => {
    instance.isRetired = true;
    closeWhenUnused(instance);
  });
}

/** A stream of the library's file system; 0, 1 and 2 are the standard ones. */
interface Stream {
  fd: number;
}

/** Closes the files that broken-off calls have left open. */
function closeWhenUnused({ module, openFiles, isRetired }: Instance): void {
  if (!isRetired || openFiles > 0) return;
  const fileSystem = module.FS as unknown as { streams: (Stream | null)[]; close(stream: Stream): void };
  for (const stream of fileSystem.streams) {
    if (!stream || stream.fd <= 2) continue;
    try {
      fileSystem.close(stream);
    } catch {
      // Closed already by the library itself.
    }
  }
}
