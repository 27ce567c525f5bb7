import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createControlBlock, readProgress } from '../../workers/control.ts';
import type { Axis } from '../../workers/model/axes.ts';
import { elementCount, isColour, isComplex, itemSize } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { FileHeader, SignalHeader } from '../../workers/model/signal.ts';
import { featureCount, navigationAxes, sampleCount, signalAxes } from '../../workers/model/signal.ts';
import type { ReadHints } from '../../workers/readers/reader.ts';
import type { Overview } from '../../workers/tasks/overview.ts';
import type { ComponentModel, Residual } from '../../workers/tasks/residual.ts';
import type { DatasetSummary, OpenedDataset, Reduction } from '../contract/methods.ts';
import type { SessionDataset } from '../contract/session.ts';
import type { Platform } from '../platform.ts';
import type { ServedArray } from '../app-types.ts';
import type { ArrayServer } from './array-server.ts';
import type { Pool } from './pool.ts';
import { readHeader } from './read-header.ts';

/** Files up to this size are loaded on opening; larger ones are read by block until a run needs them. */
const loadOnOpenBytes = 512 * 2 ** 20;
/** Loading up to this size ends before a person notices, so that the first picture is the full one. */
const loadFirstBytes = 192 * 2 ** 20;
const previewMs = 500;

interface Entry {
  session: SessionDataset;
  /** null while the file is missing or changed */
  signal: SignalHeader | null;
  missing: string | null;
  residency: 'loading' | 'memory' | 'file';
  source: Extract<RowSource, { kind: 'shared' }> | null;
  loading: Promise<void> | null;
  overview: Overview | null;
  completing: Promise<void> | null;
}

export interface DatasetStore {
  header(path: string, hints: ReadHints): Promise<FileHeader>;
  /** Reads the header of one signal and registers it; no pixels yet. */
  describe(path: string, signal: number | null, hints: ReadHints): Promise<SessionDataset[]>;
  /** Makes a described data set available (again): on opening a file or a project. Never throws; a missing file is said. */
  attach(dataset: SessionDataset): Promise<void>;
  detach(id: string): void;
  summary(id: string): DatasetSummary;
  opened(id: string): Promise<OpenedDataset>;
  image(
    id: string,
    reduce: Reduction,
    channels: readonly [number, number] | null,
  ): Promise<ServedArray & { dtype: 'float64' }>;
  spectrumAt(id: string, at: readonly number[]): Promise<ServedArray>;
  spectrumIn(id: string, box: readonly number[], reduce: 'mean' | 'sum'): Promise<ServedArray>;
  residual(id: string, model: ComponentModel): Promise<Residual>;
  signal(id: string): SignalHeader;
  setAxes(dataset: SessionDataset): void;
  /** Rows for a run: shared memory, or contiguous rows of the file when memory is short. */
  rows(id: string): Promise<RowSource>;
}

const notHere = (id: string) =>
  new EigenscopeError('not-found', `There is no data set “${id}” in this project any more.`, { id });

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

export function createDatasetStore(
  platform: Platform,
  pool: Pool,
  arrays: ArrayServer,
  onLoaded: (id: string, fraction: number) => void,
): DatasetStore {
  const entries = new Map<string, Entry>();

  const get = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw notHere(id);
    return entry;
  };

  const present = (id: string): Entry & { signal: SignalHeader } => {
    const entry = get(id);
    if (entry.signal === null) {
      throw new EigenscopeError('file-changed', entry.missing ?? 'The file is not there.', { id });
    }
    return entry as Entry & { signal: SignalHeader };
  };

  const bytesOf = (signal: { shape: readonly number[]; dtype: SignalHeader['dtype'] }): number =>
    elementCount(signal.shape) * itemSize(signal.dtype);

  const place = (entry: Entry & { signal: SignalHeader }) =>
    entry.source !== null ? { source: entry.source } : { signal: entry.signal };

  /** Loads the cube into shared memory; concurrent callers share one load. */
  const loadAll = (id: string): Promise<void> => {
    const entry = present(id);
    if (entry.source !== null) return Promise.resolve();
    entry.loading ??= (async () => {
      const { signal } = entry;
      const bytes = bytesOf(signal);
      const free = platform.freeMemory();
      if (bytes > 0.8 * free) {
        throw new EigenscopeError(
          'out-of-memory',
          `“${entry.session.name}” needs ${mebibytes(bytes)} of memory and ${mebibytes(free)} are free. Close other programs, or crop or bin the data.`,
          { bytes, free },
        );
      }
      entry.residency = 'loading';
      const buffer = new SharedArrayBuffer(bytes);
      const control = createControlBlock();
      const timer = setInterval(() => {
        const { done, total } = readProgress(control);
        if (total > 0) onLoaded(id, done / total);
      }, 250);
      try {
        await pool.run('load', { signal, buffer, control });
      } catch (error) {
        entry.residency = 'file';
        throw error;
      } finally {
        clearInterval(timer);
        entry.loading = null;
      }
      entry.source = {
        kind: 'shared',
        buffer,
        dtype: signal.dtype,
        samples: sampleCount(signal.axes),
        features: featureCount(signal.axes),
      };
      entry.residency = 'memory';
      onLoaded(id, 1);
    })();
    return entry.loading;
  };

  /** The full overview in the background, after a preview has been shown. */
  const complete = (id: string): void => {
    const entry = present(id);
    entry.completing ??= (async () => {
      try {
        const bytes = bytesOf(entry.signal);
        if (bytes <= loadOnOpenBytes && bytes <= platform.freeMemory() / 3) await loadAll(id);
        entry.overview = await pool.run('overview', { place: place(entry) });
        onLoaded(id, 1);
      } catch (error) {
        platform.log(`overview of ${entry.session.name}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        entry.completing = null;
      }
    })();
  };

  const firstOverview = async (id: string): Promise<Overview> => {
    const entry = present(id);
    if (entry.overview !== null) return entry.overview;
    const navigationFirst = !entry.signal.axes.some(
      (a, i, all) => a.navigate && all.slice(0, i).some((b) => !b.navigate),
    );
    if (bytesOf(entry.signal) <= loadFirstBytes || !navigationFirst) await loadAll(id);
    const overview = await pool.run('preview', {
      place: place(entry),
      milliseconds: entry.source === null ? previewMs : Infinity,
    });
    entry.overview ??= overview;
    if (!overview.complete) complete(id);
    return entry.overview;
  };

  const summaryOf = (entry: Entry): DatasetSummary => {
    const { session } = entry;
    return {
      id: session.id as DatasetSummary['id'],
      name: session.name,
      file: session.file,
      signal: session.signal,
      format: session.format,
      title: session.title,
      signalType: session.signalType,
      shape: session.shape,
      dtype: session.dtype,
      axes: session.axes,
      quantity: session.quantity,
      bytes: bytesOf(session),
      samples: sampleCount(session.axes),
      features: featureCount(session.axes),
      residency: entry.residency,
      missing: entry.missing,
      warnings: entry.signal?.warnings ?? [],
    };
  };

  const shapeOf = (axes: readonly Axis[]): number[] => axes.map((axis) => axis.size);

  return {
    header: (path, hints) => readHeader(pool, path, hints),

    async describe(path, signal, hints) {
      const header = await readHeader(pool, path, hints);
      const { size, mtimeMs } = await stat(path);
      const chosen = signal === null ? [...header.signals.keys()] : [signal];
      return chosen.map((index) => {
        const found = header.signals[index];
        if (found === undefined) {
          throw new EigenscopeError(
            'parameter-out-of-range',
            `${basename(path)} holds ${header.signals.length} signals, numbered from 0; there is no signal ${index}.`,
            { path, signal: index },
          );
        }
        const name =
          header.signals.length > 1 && found.title !== '' ? found.title : basename(path).replace(/\.[^.]+$/, '');
        const { dataset, navigationShape, signalShape } = hints;
        return {
          id: `data-${randomUUID().slice(0, 8)}`,
          name,
          file: path,
          fileBytes: size,
          fileModified: mtimeMs,
          signal: index,
          hints: {
            ...(dataset === undefined ? {} : { dataset }),
            ...(navigationShape === undefined ? {} : { navigationShape }),
            ...(signalShape === undefined ? {} : { signalShape }),
          },
          format: header.format,
          title: found.title,
          signalType: found.signalType,
          shape: found.shape,
          dtype: found.dtype,
          axes: found.axes,
          quantity: found.quantity,
        };
      });
    },

    async attach(session) {
      const entry: Entry = {
        session,
        signal: null,
        missing: null,
        residency: 'file',
        source: null,
        loading: null,
        overview: null,
        completing: null,
      };
      entries.set(session.id, entry);
      try {
        const { size, mtimeMs } = await stat(session.file);
        if (size !== session.fileBytes || Math.abs(mtimeMs - session.fileModified) > 1) {
          entry.missing = `${session.file} has changed since it was opened here (${session.fileBytes} bytes then, ${size} now). Results made from it stay; open the file again to work on the new data.`;
          return;
        }
        const header = await readHeader(pool, session.file, session.hints);
        const signal = header.signals[session.signal];
        if (signal === undefined || elementCount(signal.shape) !== elementCount(session.shape)) {
          entry.missing = `${session.file} no longer holds this signal. Results made from it stay.`;
          return;
        }
        // Axes that the person has set win over what the file says.
        entry.signal = { ...signal, axes: session.axes };
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        entry.missing =
          code === 'ENOENT'
            ? `${session.file} is not there any more. Put it back to go on with it; results made from it stay.`
            : error instanceof Error
              ? error.message
              : String(error);
      }
    },

    detach(id) {
      entries.delete(id);
    },

    summary: (id) => summaryOf(get(id)),
    signal: (id) => present(id).signal,

    setAxes(session) {
      const entry = get(session.id);
      entry.session = session;
      if (entry.signal !== null) entry.signal = { ...entry.signal, axes: session.axes };
    },

    async opened(id) {
      const entry = get(id);
      if (entry.signal === null) {
        const nothing = new Float64Array(0);
        const empty = { ...arrays.offer('float64', [0], nothing), preview: false };
        return { summary: summaryOf(entry), image: empty, spectrum: empty };
      }
      const overview = await firstOverview(id);
      const preview = !overview.complete;
      const { axes } = entry.signal;
      return {
        summary: summaryOf(entry),
        image: { ...arrays.offer('float64', shapeOf(navigationAxes(axes)), overview.image), preview },
        spectrum: { ...arrays.offer('float64', shapeOf(signalAxes(axes)), overview.spectrum), preview },
      };
    },

    async image(id, reduce, channels) {
      const entry = present(id);
      const features = featureCount(entry.signal.axes);
      const [first, end] = channels ?? [0, features];
      if (!(first >= 0 && end <= features && first < end)) {
        throw new EigenscopeError(
          'parameter-out-of-range',
          `Channels must be within 0 to ${features}, the first below the end; got ${first} to ${end}.`,
          { first, end, features },
        );
      }
      const data = await pool.run('navigator', { place: place(entry), request: { reduce, channels: [first, end] } });
      const shape = shapeOf(navigationAxes(entry.signal.axes));
      return { dtype: 'float64', shape, bytes: new Uint8Array(data.buffer) };
    },

    async spectrumAt(id, at) {
      const entry = present(id);
      const navigation = navigationAxes(entry.signal.axes);
      const shape = shapeOf(signalAxes(entry.signal.axes));
      if (
        at.length !== navigation.length ||
        at.some((i, a) => !(Number.isInteger(i) && i >= 0 && i < navigation[a]!.size))
      ) {
        throw new EigenscopeError(
          'parameter-out-of-range',
          `A position needs ${navigation.length} whole numbers within ${shapeOf(navigation).join(' × ')}; got ${at.join(', ')}.`,
        );
      }
      const sample = at.reduce((row, i, a) => row * navigation[a]!.size + i, 0);
      const { source } = entry;
      if (source !== null && !isComplex(source.dtype) && !isColour(source.dtype)) {
        const rowBytes = source.features * itemSize(source.dtype);
        // A copy: the page's answer must not change while it is being sent.
        return {
          dtype: source.dtype,
          shape,
          bytes: new Uint8Array(source.buffer, sample * rowBytes, rowBytes).slice(),
        };
      }
      const box = { first: at, end: at.map((i) => i + 1), reduce: 'sum' } as const;
      const data = await pool.run('boxSpectrum', { place: place(entry), box, navigation: shapeOf(navigation) });
      return { dtype: 'float64', shape, bytes: new Uint8Array(data.buffer) };
    },

    async spectrumIn(id, box, reduce) {
      const entry = present(id);
      const navigation = shapeOf(navigationAxes(entry.signal.axes));
      const n = navigation.length;
      const start = box.slice(0, n);
      const end = box.slice(n);
      const bad =
        end.length !== n ||
        start.some((s, a) => !(Number.isInteger(s) && s >= 0 && s < end[a]! && end[a]! <= navigation[a]!));
      if (bad) {
        throw new EigenscopeError(
          'parameter-out-of-range',
          `A box needs ${n} first and ${n} end positions within ${navigation.join(' × ')}; got ${box.join(', ')}.`,
        );
      }
      const data = await pool.run('boxSpectrum', {
        place: place(entry),
        box: { first: start, end, reduce },
        navigation,
      });
      const shape = shapeOf(signalAxes(entry.signal.axes));
      return { dtype: 'float64', shape, bytes: new Uint8Array(data.buffer) };
    },

    residual: (id, model) => pool.run('residual', { place: place(present(id)), model }),

    async rows(id) {
      const entry = present(id);
      if (entry.source !== null) return entry.source;
      const bytes = bytesOf(entry.signal);
      // Half of what is free must remain for the run itself.
      if (bytes > platform.freeMemory() / 2) {
        const located = await pool.run('locate', entry.signal);
        if (located !== null) return located;
      }
      await loadAll(id);
      return entry.source!;
    },
  };
}
