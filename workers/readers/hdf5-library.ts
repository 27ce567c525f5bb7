import type * as H5wasm from 'h5wasm/node';

export type Hdf5Module = Awaited<typeof H5wasm.ready>;

/** The HDF5 library with a memory of its own. */
interface Instance {
  module: Hdf5Module;
  openFiles: number;
  isRetired: boolean;
}

type Factory = (options: { noInitialRun: boolean }) => Promise<Hdf5Module>;

let current: Promise<Instance> | null = null;

/**
 * h5wasm makes one instance for good; its factory stands beside its entry and makes as many as are needed. Calls of the
 * library must throw on failure: without the throwing error handler a failed read returns whatever was in memory.
 */
async function instantiate(): Promise<Instance> {
  const factory = new URL('./hdf5_util.js', import.meta.resolve('h5wasm/node')).href;
  const { default: create } = (await import(/* @vite-ignore */ factory)) as { default: Factory };
  const module = await create({ noInitialRun: true });
  module.activate_throwing_error_handler();
  return { module, openFiles: 0, isRetired: false };
}

/** The library of this thread, loaded on first use, for one more open file; `release` when that is closed. */
export async function acquireHdf5Library(): Promise<{ module: Hdf5Module; release: () => void }> {
  current ??= instantiate();
  const instance = await current;
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

/**
 * Retires the present instance after a failure inside the library: the call that broke off leaves objects open in it,
 * which would keep the file open and its old content cached, and after a trap its memory cannot be trusted at all.
 * The next file gets a fresh instance; files that are open in the old one are not disturbed.
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
