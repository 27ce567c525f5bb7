import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { elementCount } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { RowSource } from '../../workers/model/rows.ts';
import type { FileHeader, SignalHeader } from '../../workers/model/signal.ts';
import { featureCount, sampleCount } from '../../workers/model/signal.ts';
import type { Estimate } from '../../workers/specs/algorithm.ts';
import type { Place } from '../../workers/tasks/reading.ts';
import type { ReadHints } from '../../workers/readers/reader.ts';
import type { DatasetSummary, FileChange } from '../contract/methods.ts';
import type { SessionDataset } from '../contract/session.ts';
import type { Platform } from '../platform.ts';
import { allocateShared, startLoading } from './load-input.ts';
import { admit, sizeText, type Admission, type Memory } from './memory.ts';
import type { WatchedFile } from './file-watch.ts';
import { bytesOf, scratchBytesOf, streamRows, type StreamOptions } from './open-rows.ts';
import type { Pool } from './pool.ts';
import { signalOfDataset } from './derivation.ts';
import { readHeader } from './read-header.ts';
import { createWorkFolders } from './work-folder.ts';

interface Entry {
  session: SessionDataset;
  /** null while the file is missing or changed */
  signal: SignalHeader | null;
  missing: string | null;
  /** what has become of the file since */
  changed: FileChange | null;
  residency: 'loading' | 'memory' | 'file';
  source: Extract<RowSource, { kind: 'shared' }> | null;
  /** rows on disk that can be read in order */
  stream: RowSource | null;
  loading: Promise<void> | null;
}

export interface DatasetStore {
  header(path: string, hints: ReadHints): Promise<FileHeader>;
  /** Reads the header of one signal and registers it; no pixels yet. */
  describe(path: string, signal: number | null, hints: ReadHints): Promise<SessionDataset[]>;
  /** Makes a described data set available (again): on opening a file or a project. Never throws; a missing file is said. */
  attach(dataset: SessionDataset): Promise<void>;
  detach(id: string): void;
  /** The file of a data set as it is now, as a data set of its own; without preparation steps. */
  describeAgain(id: string): Promise<SessionDataset[]>;
  /** files of the data sets that can be read, as they were when they were opened */
  watched(): WatchedFile[];
  /** What is known of the file of a data set from now on; null: it is as it was. */
  setChanged(id: string, change: FileChange | null): void;
  summary(id: string): DatasetSummary;
  /** @throws EigenscopeError `not-found`, or `file-changed` when the file is missing or has changed */
  signal(id: string): SignalHeader;
  /** where a thread finds the rows now: in shared memory once loaded, else in the file */
  place(id: string): Place;
  /** Loads all of it into shared memory; callers at the same time share one load. */
  load(id: string): Promise<void>;
  setAxes(dataset: SessionDataset): void;
  /** whether all of it may be loaded beside what is loaded already */
  fits(id: string): boolean;
  /** Whether and how a run fits; null when it does not. `room` is for its data and results together. */
  admission(id: string, estimate: Estimate): { room: number; admission: Admission | null };
  /** Bytes that `rows` would write in order to a scratch file first; 0 when nothing has to be. */
  scratchBytes(id: string, where: Admission['data'], room: number): Promise<number>;
  /** Rows for a run where `admission` says; data that have to make room for the run leave the memory. */
  rows(
    id: string,
    where: Admission['data'],
    room: number,
    onStage: NonNullable<StreamOptions['onStage']>,
  ): Promise<RowSource>;
  /** Removes what was put in order on disk. */
  close(): Promise<void>;
}

const notHere = (id: string) =>
  new EigenscopeError('not-found', `There is no data set “${id}” in this project any more.`, { id });

export function createDatasetStore(
  platform: Platform,
  memory: Memory,
  pool: Pool,
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

  const work = createWorkFolders();

  /** Bytes of all data in memory, without one data set. */
  const heldBeside = (id: string): number =>
    [...entries].reduce((sum, [other, { source }]) => sum + (other === id ? 0 : (source?.buffer.byteLength ?? 0)), 0);

  const fits = (id: string): boolean => bytesOf(get(id).session) <= memory.room(heldBeside(id));

  /** Loads the cube into shared memory; concurrent callers share one load. */
  const loadAll = (id: string): Promise<void> => {
    const entry = present(id);
    if (entry.source !== null) return Promise.resolve();
    entry.loading ??= (async () => {
      const { signal } = entry;
      const bytes = bytesOf(signal);
      const room = memory.room(heldBeside(id));
      if (bytes > room) {
        const there = memory.limit === null ? 'free' : 'allowed (Memory in the settings)';
        throw new EigenscopeError(
          'out-of-memory',
          `“${entry.session.name}” needs ${sizeText(bytes)} of memory and ${sizeText(room)} are ${there}. Close other data, or crop or bin these.`,
          { bytes, free: room },
        );
      }
      entry.residency = 'loading';
      const buffer = allocateShared(bytes);
      const loading = startLoading(pool, signal, buffer, platform.threads);
      const timer = setInterval(() => {
        const fraction = loading.fraction();
        if (fraction > 0 && entries.get(id) === entry) onLoaded(id, fraction);
      }, 250);
      try {
        await loading.done;
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
      // It may have been closed meanwhile.
      if (entries.get(id) === entry) onLoaded(id, 1);
    })();
    return entry.loading;
  };

  const streamOf = async (
    id: string,
    room: number,
    onStage: NonNullable<StreamOptions['onStage']>,
  ): Promise<RowSource> => {
    const entry = present(id);
    entry.stream ??= await streamRows(pool, entry.signal, {
      room,
      threads: platform.threads,
      scratch: () => work.folder(),
      onStage,
    });
    return entry.stream;
  };

  const describe: DatasetStore['describe'] = async (path, signal, hints) => {
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
      const { axes: _axes, ...kept } = hints;
      return {
        id: `data-${randomUUID().slice(0, 8)}`,
        name,
        file: path,
        fileBytes: size,
        fileModified: mtimeMs,
        signal: index,
        hints: kept,
        format: header.format,
        title: found.title,
        signalType: found.signalType,
        shape: found.shape,
        dtype: found.dtype,
        axes: found.axes,
        quantity: found.quantity,
      };
    });
  };

  /** A name that no open data set has: “map”, then “map (2)” … */
  const freeName = (name: string): string => {
    const stem = name.replace(/ \(\d+\)$/, '');
    const taken = new Set([...entries.values()].map(({ session }) => session.name));
    for (let n = 2; ; n++) if (!taken.has(`${stem} (${n})`)) return `${stem} (${n})`;
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
      steps: session.derivation?.steps.map(({ operation, values }) => ({ operation, values })) ?? [],
      madeOf: session.derivation?.of ?? null,
      ...(entry.changed === null ? {} : { changed: entry.changed }),
      warnings: entry.signal?.warnings ?? [],
    };
  };

  return {
    header: (path, hints) => readHeader(pool, path, hints),

    describe,

    async describeAgain(id) {
      const { file, signal, hints } = get(id).session;
      const described = await describe(file, signal, hints);
      return described.map((one) => ({ ...one, name: freeName(one.name) }));
    },

    watched() {
      const files: WatchedFile[] = [];
      for (const { session, missing, changed } of entries.values()) {
        if (missing !== null) continue;
        const { id, file, fileBytes, fileModified } = session;
        files.push({ id, file, stamp: { size: fileBytes, mtimeMs: fileModified }, change: changed });
      }
      return files;
    },

    setChanged(id, change) {
      const entry = entries.get(id);
      if (entry !== undefined) entry.changed = change;
    },

    async attach(session) {
      const entry: Entry = {
        session,
        signal: null,
        missing: null,
        changed: null,
        residency: 'file',
        source: null,
        stream: null,
        loading: null,
      };
      entries.set(session.id, entry);
      try {
        const { size, mtimeMs } = await stat(session.file);
        if (size !== session.fileBytes || Math.abs(mtimeMs - session.fileModified) > 1) {
          entry.missing = `${session.file} has changed since it was opened here (${session.fileBytes} bytes then, ${size} now). Results made from it stay; open the file again to work on the new data.`;
          return;
        }
        const signal = await signalOfDataset(pool, session);
        if (signal === null || elementCount(signal.shape) !== elementCount(session.shape)) {
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
    place(id) {
      const { source, stream, signal } = present(id);
      if (source !== null) return { source };
      // A copy in order is read like any rows; the file itself is better known by its header.
      return stream?.kind === 'raw' && stream.stamp === undefined ? { source: stream } : { signal };
    },
    load: loadAll,

    setAxes(session) {
      const entry = get(session.id);
      entry.session = session;
      if (entry.signal !== null) entry.signal = { ...entry.signal, axes: session.axes };
    },

    fits,

    admission(id, estimate) {
      const entry = present(id);
      // What is loaded does not count as free any more.
      const loaded = memory.limit === null ? (entry.source?.buffer.byteLength ?? 0) : 0;
      const room = memory.room(heldBeside(id)) + loaded;
      return { room, admission: admit(room, bytesOf(entry.signal), estimate) };
    },

    async scratchBytes(id, where, room) {
      const entry = present(id);
      if (where === 'memory' || entry.stream !== null) return 0;
      return scratchBytesOf(pool, entry.signal, { room, threads: platform.threads });
    },

    async rows(id, where, room, onStage) {
      const entry = present(id);
      if (where === 'memory') {
        await loadAll(id);
        return entry.source!;
      }
      if (entry.loading !== null) await entry.loading.catch(() => {});
      entry.source = null;
      entry.residency = 'file';
      return streamOf(id, room, onStage);
    },

    close: () => work.remove(),
  };
}
