import { itemSize } from '../model/dtype.ts';
import type { RowSource } from '../model/rows.ts';
import type { PixelSource } from '../readers/pixel-source.ts';
import { boxesOfRun } from '../readers/runs-of-boxes.ts';
import { createDecoder } from './decode.ts';
import type { RowReader } from './raw-rows.ts';

type Hdf5Source = Extract<RowSource, { kind: 'hdf5' }>;

/** Pixels that are open in this thread, by source: opening takes promises, reading rows in a pass must not. */
const opened = new Map<string, { pixels: PixelSource; users: number }>();

const keyOf = ({ path, dataset, shape, axisOrder }: Hdf5Source): string =>
  JSON.stringify([path, dataset, shape, axisOrder ?? null]);

/**
 * Makes a source ready to be opened in this thread, and keeps it so until the returned function is called.
 * @throws EigenscopeError `file-not-found`, `file-changed`, `truncated-file`, `corrupt-file`, `unsupported-format`
 */
export async function prepareRows(source: RowSource): Promise<() => void> {
  if (source.kind !== 'hdf5') return () => {};
  const key = keyOf(source);
  let entry = opened.get(key);
  if (entry === undefined) {
    // the HDF5 library takes long to load and most data do not need it
    const { openHdf5Pixels } = await import('../readers/hdf5-pixels.ts');
    const { path, dataset, storedShape, axisOrder, stamp } = source;
    const layout = {
      kind: 'hdf5',
      path,
      dataset,
      storedShape,
      ...(axisOrder ? { axisOrder } : {}),
      ...(stamp ? { stamp } : {}),
    } as const;
    const pixels = await openHdf5Pixels(layout, source, source.cacheBytes);
    entry = opened.get(key);
    if (entry === undefined) opened.set(key, (entry = { pixels, users: 0 }));
    else pixels.close();
  }
  const held = entry;
  held.users++;
  return () => {
    if (--held.users > 0) return;
    opened.delete(key);
    held.pixels.close();
  };
}

/** Runs something with a source that is ready in this thread. */
export async function withRows<T>(source: RowSource, use: () => T | Promise<T>): Promise<T> {
  const release = await prepareRows(source);
  try {
    return await use();
  } finally {
    release();
  }
}

const scratchBytes = 4 * 2 ** 20;

/**
 * Rows of a prepared HDF5 source. Chunks are unpacked into tiles that stay while rows near them are asked for.
 * @throws EigenscopeError `corrupt-file`, `truncated-file` while reading
 */
export function openHdf5Rows(source: Hdf5Source): RowReader {
  const entry = opened.get(keyOf(source));
  if (entry === undefined) throw new Error(`The rows of ${source.path} were not made ready in this thread.`);
  const { pixels } = entry;
  const { shape, features, dtype } = source;
  const size = itemSize(dtype);
  const rowBytes = features * size;
  const loadable = Math.max(1, Math.floor(scratchBytes / Math.max(1, rowBytes)));
  // The pixels were opened: what the header announces has been compared with the size of the file.
  const scratch = new ArrayBuffer(Math.max(Math.min(loadable, source.samples) * rowBytes, size));
  const decoder = createDecoder(scratch, dtype);
  let loaded = -1;
  return {
    loadable,
    load(first, last, from, to) {
      const single = last - first === 1;
      const start = first * features + (single ? from : 0);
      const end = single ? first * features + to : last * features;
      let at = 0;
      for (const box of boxesOfRun(shape, start, end)) {
        pixels.readInto(new Uint8Array(scratch, at, box.elements * size), box.start, box.count);
        at += box.elements * size;
      }
      loaded = start;
    },
    decode: (row, from, count, out, offset) => decoder(row * features + from - loaded, count, out, offset),
    close: () => {},
  };
}
