import { randomUUID } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { Metadata } from '../../workers/model/signal.ts';
import type { AlgorithmOutput, ResultRecord } from '../../workers/model/result.ts';
import type { ProjectState } from '../contract/methods.ts';
import type { Command, SessionDataset } from '../contract/session.ts';
import { unpackZip, writeZipOfFolder } from '../io/zip-store.ts';
import type { Platform } from '../platform.ts';
import type { DatasetStore } from './dataset-store.ts';
import type { JobRunner } from './job-runner.ts';
import type { MaskResult } from './mask-result.ts';
import type { ProjectStore } from './project-store.ts';
import { openProjectStore } from './project-store.ts';
import type { ResultStore } from './result-store.ts';
import type { Settings } from './settings.ts';

/** The project that is open: there is always one, at first in the autosave place. */
export interface Project {
  state(): ProjectState;
  store(): ProjectStore;
  startNew(): Promise<void>;
  open(path: string): Promise<void>;
  save(path: string, overwrite: boolean): Promise<void>;
  perform(text: string, command: Command): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** For the project of this id alone: a page sends its layout with delay. */
  setLayout(id: string, layout: Metadata): Promise<void>;
  addDatasets(datasets: readonly SessionDataset[], text?: string): Promise<void>;
  addResult(record: ResultRecord, output: AlgorithmOutput, text?: string): Promise<void>;
  /** A data set and the mask that it was made with, as one step. */
  addWithMask(dataset: SessionDataset, mask: MaskResult, text: string): Promise<void>;
  result(id: string): ResultRecord;
  close(): Promise<void>;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

export async function createProject(
  platform: Platform,
  datasets: DatasetStore,
  results: ResultStore,
  settings: Settings,
  runs: Pick<JobRunner, 'cancelAll' | 'idle'>,
  onChange: (state: ProjectState) => void,
): Promise<Project> {
  const autosave = join(platform.dataFolder, 'projects');
  const isAutosaved = (folder: string): boolean => folder.startsWith(autosave + sep);
  const freshFolder = (name: string): string => join(autosave, `${name}-${randomUUID().slice(0, 8)}.eigenproject`);

  const shownName = (store: ProjectStore): string =>
    isAutosaved(store.folder)
      ? basename(store.folder).replace(/-[0-9a-f]{8}\.eigenproject$/, '')
      : basename(store.folder).replace(/\.eigenproject$/, '');

  const isEmpty = ({ session, done }: ReturnType<ProjectStore['timeline']>): boolean =>
    session.datasets.length === 0 && session.results.length === 0 && session.bin.length === 0 && done.length === 0;

  let store: ProjectStore;
  let projectId = '';
  /** when the place of a project that was saved elsewhere is free again */
  let tidied: Promise<void> = Promise.resolve();

  /** Leaves the current project, whose runs end with it; an autosaved one that was never used is not kept. */
  const leave = async (): Promise<void> => {
    await runs.cancelAll();
    for (const { id } of store.timeline().session.datasets) datasets.detach(id);
    const empty = isEmpty(store.timeline()) && isAutosaved(store.folder) && store.readOnly() === null;
    await store.close();
    if (empty) await rm(store.folder, { recursive: true, force: true });
  };

  const enter = async (next: ProjectStore): Promise<void> => {
    store = next;
    projectId = randomUUID();
    await Promise.all(next.timeline().session.datasets.map((dataset) => datasets.attach(dataset)));
    await settings.setOpenProject(next.folder);
  };

  const state = (): ProjectState => {
    const { session, done, undone } = store.timeline();
    return {
      id: projectId,
      path: isAutosaved(store.folder) ? null : store.folder,
      name: shownName(store),
      readOnly: store.readOnly(),
      saved: true,
      datasets: session.datasets.map(({ id }) => datasets.summary(id)),
      results: session.results,
      bin: session.bin,
      undo: done.at(-1)?.text ?? null,
      redo: undone.at(-1)?.text ?? null,
      history: done.slice(-100).map(({ at, text }) => ({ at, text })),
      layout: store.layout(),
      recovered: store.recovered(),
    };
  };

  const changed = (): void => onChange(state());

  /** Nothing is written for a project that is only looked at. */
  const requireOpen = (): void => {
    const reason = store.readOnly();
    if (reason !== null) throw new EigenscopeError('locked', reason);
  };

  /** After undo or redo the attached data sets follow the session. */
  const reconcile = async (before: readonly SessionDataset[]): Promise<void> => {
    const after = store.timeline().session.datasets;
    for (const { id } of before) if (!after.some((d) => d.id === id)) datasets.detach(id);
    for (const dataset of after) {
      if (before.some((d) => d.id === dataset.id)) datasets.setAxes(dataset);
      else await datasets.attach(dataset);
    }
  };

  const travel = async (way: 'undo' | 'redo'): Promise<void> => {
    const before = store.timeline().session.datasets;
    await store[way]();
    await reconcile(before);
    changed();
  };

  // A project that is still marked open was not closed properly: it comes back by itself.
  const left = settings.openProject();
  if (left !== null && (await isThere(left))) {
    const restored = await openProjectStore(left, platform.version).catch((error: unknown) => {
      platform.log(`the project of the last session could not be restored: ${String(error)}`);
      return null;
    });
    // Another running Eigenscope has it: this one starts with a project of its own.
    const free = restored !== null && restored.readOnly() === null;
    if (!free) await restored?.close();
    await enter(free ? restored : await openProjectStore(freshFolder('Untitled'), platform.version));
  } else {
    await enter(await openProjectStore(freshFolder('Untitled'), platform.version));
  }

  return {
    state,
    store: () => store,
    async startNew() {
      const next = await openProjectStore(freshFolder('Untitled'), platform.version);
      await leave();
      await enter(next);
      changed();
    },
    async open(path) {
      const found = await stat(path).catch(() => null);
      if (found === null) throw new EigenscopeError('file-not-found', `${path} is not there.`, { path });
      let folder = path;
      if (found.isFile()) {
        folder = freshFolder(basename(path, extname(path)));
        await unpackZip(path, folder);
      } else if (!(await isThere(join(path, 'manifest.json'))) && !(await isThere(join(path, 'manifest.prev.json')))) {
        throw new EigenscopeError('unsupported-format', `${path} is not a project folder: it holds no manifest.json.`, {
          path,
        });
      }
      if (folder === store.folder) return;
      const next = await openProjectStore(folder, platform.version);
      await leave();
      await enter(next);
      await settings.noteRecent(path);
      changed();
    },
    async save(path, overwrite) {
      const extension = extname(path).toLowerCase();
      if (extension === '.eigs') {
        // The copy taken first is consistent: nothing is written to it while it is packed.
        const still = `${freshFolder('packing')}.part`;
        try {
          await store.copyTo(still);
          await writeZipOfFolder(path, still, { overwrite });
        } finally {
          await rm(still, { recursive: true, force: true });
        }
      } else if (extension === '.eigenproject') {
        if (path === store.folder) return;
        if (await isThere(path)) {
          throw new EigenscopeError(
            'exists',
            `${path} is there already. Choose another name; projects are never replaced.`,
            { path },
          );
        }
        const old = store;
        const part = `${path}.part`;
        try {
          await old.copyTo(part);
          await rename(part, path);
        } catch (cause) {
          await rm(part, { recursive: true, force: true });
          if (cause instanceof EigenscopeError) throw cause;
          throw new EigenscopeError(
            'not-writable',
            `The project cannot be saved at ${path}: ${(cause as Error).message}.`,
            { path },
            cause,
          );
        }
        const next = await openProjectStore(path, platform.version);
        await old.close();
        store = next;
        await settings.setOpenProject(path);
        if (isAutosaved(old.folder) && old.readOnly() === null) {
          // a run may still be writing rows there, which go to the new place when it is done
          const remove = (): Promise<void> => rm(old.folder, { recursive: true, force: true });
          tidied = runs
            .idle()
            .then(remove)
            .catch(() => undefined);
        }
      } else {
        throw new EigenscopeError(
          'bad-request',
          `A project is saved as .eigs (one file) or .eigenproject (a folder); got “${basename(path)}”.`,
          { path },
        );
      }
      await settings.noteRecent(path);
      changed();
    },
    async perform(text, command) {
      const before = store.timeline().session.datasets;
      await store.perform(text, command);
      await reconcile(before);
      changed();
    },
    undo: () => travel('undo'),
    redo: () => travel('redo'),
    setLayout: async (id, layout) => {
      if (id === projectId) await store.setLayout(layout);
    },
    async addDatasets(added, text) {
      for (const dataset of added) {
        await datasets.attach(dataset);
        await store.perform(text ?? `Open ${dataset.name}`, {
          do: 'dataset.add',
          dataset,
          at: store.timeline().session.datasets.length,
        });
      }
      changed();
    },
    async addResult(record, output, text = `Run ${record.name}`) {
      requireOpen();
      await results.save(store.resultFolder(record.id), record, output);
      await store.perform(text, {
        do: 'result.add',
        record,
        at: store.timeline().session.results.length,
      });
      changed();
    },
    async addWithMask(dataset, { record, output }, text) {
      requireOpen();
      await results.save(store.resultFolder(record.id), record, output);
      await datasets.attach(dataset);
      const { session } = store.timeline();
      await store.perform(text, {
        do: 'together',
        commands: [
          { do: 'result.add', record, at: session.results.length },
          { do: 'dataset.add', dataset, at: session.datasets.length },
        ],
      });
      changed();
    },
    result(id) {
      const record = store.timeline().session.results.find((r) => r.id === id);
      if (record === undefined)
        throw new EigenscopeError('not-found', `There is no result “${id}” in this project any more.`, { id });
      return record;
    },
    async close() {
      await leave();
      await tidied;
      await settings.setOpenProject(null);
    },
  };
}
