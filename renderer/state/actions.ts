/*
 * What changes the project: each calls the services, shows what came back and turns an error into a toast.
 *   openFiles()  openFolder()  openPath(path)  openRaw(path?)  openAgain(dataset)  openSample()  openDropped(files)
 *   newProject()  openProject(path?)  saveProject()  saveProjectAs()
 *   undo()  redo()
 *   closeDataset(id)  setAxes(id, axes)
 *   renameResult(id, name)  starResult(id, starred)  deleteResult(id)  restoreResult(id)
 *   cancelJob(id, keep)
 *   exportResult(result)  exportDataset(dataset)  copyMethods(result)  copyText(text, what)
 *   refreshInfo()   recent files and free memory anew
 *   loadViews(id)   first image and spectrum of a dataset
 */
import type { DatasetId, DatasetSummary, JobId, Params, ProjectState, ResultId } from '../../main/contract/methods.ts';
import { resultExtensions } from '../../main/contract/result-formats.ts';
import { formatsFor } from '../../main/contract/signal-formats.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { pathOfFile } from '../client/client.ts';
import { app } from './app.svelte.ts';
import { choosePathsToOpen, choosePathToSave } from './choose-path.ts';
import { client } from './connection.ts';
import { askForRaw, askForSignals, confirmAction, type ChosenSignal } from './dialogs.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { restoreLayout, withoutLayout } from './layout.svelte.ts';
import { project, selectDataset, showView, takeProject } from './project.svelte.ts';
import { storeSettings } from './settings.svelte.ts';
import { attempt, toasts, undoLabel, type ToastAction } from './toasts.svelte.ts';

const projectExtensions = ['eigenproject', 'eigs'];
export const isProjectPath = (path: string): boolean =>
  projectExtensions.some((e) =>
    path
      .toLowerCase()
      .replace(/[/\\]+$/, '')
      .endsWith(`.${e}`),
  );
export const fileNameOf = (path: string): string =>
  path
    .replace(/[/\\]+$/, '')
    .split(/[/\\]/)
    .at(-1) ?? path;

/* ---- files ---- */

export async function openFiles(): Promise<void> {
  const formats = app.info?.formats.flatMap((f) => f.extensions) ?? [];
  const paths = await attempt(() =>
    choosePathsToOpen('Open data or a project', [...new Set([...formats, ...projectExtensions])]),
  );
  for (const path of paths ?? []) await openPath(path);
}

/** Data that are kept as a folder, such as Zarr stores. */
export async function openFolder(): Promise<void> {
  const paths = await attempt(() => choosePathsToOpen('Open a folder of data', ['zspy', 'zarr'], true));
  for (const path of paths ?? []) await openPath(path);
}

/** Opens a project, or a data file; one with several signals, or ways to read it, asks which. */
export async function openPath(path: string): Promise<void> {
  if (isProjectPath(path)) return openProject(path);
  app.opening = fileNameOf(path);
  try {
    const chosen = await chooseSignals(path);
    if (chosen === null) return;
    for (const { index, hints } of chosen) {
      const { opened } = await client().call('dataset.open', { path, signal: index, ...hints });
      takeOpened(opened);
    }
  } catch (error) {
    toasts.fail(error, wayOn(error, path));
  } finally {
    app.opening = null;
  }
}

/** What helps after a file was refused: a person may know what no reader knows. */
const wayOn = (error: unknown, path: string): ToastAction =>
  error instanceof EigenscopeError && ('firstBytes' in error.details || error.details['byName'] === true)
    ? { label: 'Open raw numbers…', run: () => void openRaw(path) }
    : { label: 'Try again', run: () => void openPath(path) };

async function chooseSignals(path: string): Promise<readonly ChosenSignal[] | null> {
  const { signals } = await client().call('file.info', { path });
  const isPlain = signals.length <= 1 && signals.every(({ options }) => options === null);
  return isPlain ? signals.map(({ index }) => ({ index, hints: {} })) : askForSignals(path, signals);
}

/** Numbers without a header, as a person says they are. */
export async function openRaw(given?: string): Promise<void> {
  const path = given ?? (await attempt(() => choosePathsToOpen('Open raw numbers', [])))?.[0];
  if (path === undefined) return;
  try {
    const { bytes, folder } = await client().call('file.stat', { path });
    if (folder || bytes === 0) {
      const what = folder ? 'is a folder' : 'is empty (0 bytes)';
      toasts.warn(`${fileNameOf(path)} ${what}: raw numbers are read from one file.`);
      return;
    }
    const hints = await askForRaw(path, bytes);
    if (hints === null) return;
    app.opening = fileNameOf(path);
    takeOpened((await client().call('dataset.open', { path, signal: 0, ...hints })).opened);
  } catch (error) {
    toasts.fail(error, { label: 'Try again', run: () => void openRaw(path) });
  } finally {
    app.opening = null;
  }
}

/** The file of a data set as it is now, beside the data set as it was opened. */
export async function openAgain(dataset: DatasetId): Promise<void> {
  const answer = await attempt(() => client().call('dataset.reopen', { dataset }));
  if (answer !== undefined) takeOpened(answer.opened);
}

/**
 * Takes what was opened or made, without waiting for the project's own news of it.
 * @param isShown unless one has gone on to something else meanwhile
 */
export function takeOpened(
  opened: readonly { summary: DatasetSummary }[] & readonly Parameters<typeof keepViews>[0][],
  isShown = true,
): void {
  for (const one of opened) {
    keepViews(one);
    // project.changed may come a moment later: the new dataset is shown without waiting for it
    if (project.state !== null && !project.datasets.some((d) => d.id === one.summary.id)) {
      project.state = { ...project.state, datasets: [...project.datasets, one.summary] };
    }
    if (isShown) selectDataset(one.summary.id);
    for (const warning of one.summary.warnings) toasts.warn(`${one.summary.name}: ${warning}`);
  }
  if (opened.length > 0 && isShown) showView('workspace');
}

const keepViews = (one: NonNullable<typeof project.views>): void => {
  project.opened = new Map(project.opened).set(one.summary.id, one);
};

export async function openSample(): Promise<void> {
  if (app.info !== null) await openPath(app.info.sample);
}

/** Files dropped on the window: a browser does not tell where they are. */
export async function openDropped(files: readonly File[]): Promise<void> {
  const paths = files.map(pathOfFile);
  if (paths.some((path) => path === null)) {
    toasts.warn('A browser does not tell where a dropped file is, so it cannot be read in place. Use Open instead.', {
      label: 'Open…',
      run: () => void openFiles(),
    });
    return;
  }
  for (const path of paths) if (path !== null) await openPath(path);
}

export async function refreshInfo(): Promise<void> {
  const info = await client()
    .call('app.info', {})
    .catch(() => null);
  if (info !== null) app.info = info;
}

export async function loadViews(dataset: DatasetId): Promise<void> {
  const views = await attempt(() => client().call('dataset.views', { dataset }));
  if (views !== undefined) keepViews(views);
}

/* ---- project ---- */

async function change(work: () => Promise<ProjectState>): Promise<boolean> {
  const state = await attempt(work);
  if (state !== undefined) takeProject(state);
  return state !== undefined;
}

/** Runs that go on, and work that lives in the autosave place only, are not left behind without a word. */
async function mayLeave(): Promise<boolean> {
  const state = project.state;
  if (state === null) return true;
  const losses: string[] = [];
  const [run, ...others] = jobs.active;
  if (run !== undefined) {
    const what = others.length === 0 ? `${run.name} is still running` : `${jobs.active.length} runs are not finished`;
    losses.push(`${what} and will be cancelled.`);
  }
  if (state.path === null && state.results.length > 0) {
    const count = state.results.length === 1 ? 'its result' : `its ${state.results.length} results`;
    losses.push(
      `${state.name} has no file of its own yet: save it first (Ctrl+S) if you want to come back to ${count}.`,
    );
  }
  if (losses.length === 0) return true;
  return confirmAction({ title: 'Leave this project?', text: losses.join(' '), button: 'Leave it' });
}

export async function newProject(): Promise<void> {
  if (!(await mayLeave())) return;
  if (!(await withoutLayout(() => change(() => client().call('project.new', {}))))) return;
  restoreLayout({});
}

export async function openProject(path?: string): Promise<void> {
  const chosen = path ?? (await attempt(() => choosePathsToOpen('Open a project', projectExtensions)))?.[0];
  if (chosen === undefined || !(await mayLeave())) return;
  if (!(await withoutLayout(() => change(() => client().call('project.open', { path: chosen }))))) return;
  if (project.state !== null) restoreLayout(project.state.layout);
  if (project.view === 'home') showView('workspace');
}

/** Everything is saved as it is made; a project without a place of its own asks for one. */
export async function saveProject(): Promise<void> {
  if (project.state?.path == null) await saveProjectAs();
  else toasts.tell('All changes are saved already.');
}

export async function saveProjectAs(): Promise<void> {
  const name = project.state?.name ?? 'Untitled';
  const path = await attempt(() => choosePathToSave('Save the project', `${name}.eigenproject`, projectExtensions));
  if (path == null) return;
  const saved = await replacing(path, (overwrite) => client().call('project.save', { path, overwrite }));
  if (saved === undefined) return;
  takeProject(saved);
  toasts.tell(`Saved as ${fileNameOf(path)}.`);
}

/** All that was done as a recipe: what makes it again, here or for other files on the command line. */
export async function saveRecipe(): Promise<void> {
  const name = project.state?.name ?? 'Untitled';
  const path = await attempt(() => choosePathToSave('Save the recipe', `${name}.json`, ['json']));
  if (path == null) return;
  const saved = await replacing(path, (overwrite) => client().call('project.recipe', { path, overwrite }));
  if (saved === undefined) return;
  toasts.tell([`Saved as ${fileNameOf(path)}.`, ...saved.notes].join(' '));
}

/** Writes; where something is in the way, asks before it is replaced. */
export async function replacing<T>(path: string, write: (overwrite: boolean) => Promise<T>): Promise<T | undefined> {
  try {
    return await write(false);
  } catch (error) {
    if (!(error instanceof EigenscopeError) || error.code !== 'exists') {
      toasts.fail(error);
      return undefined;
    }
  }
  const question = { title: 'Replace it?', text: `${fileNameOf(path)} exists already.`, button: 'Replace' };
  return (await confirmAction(question)) ? attempt(() => write(true)) : undefined;
}

export async function undo(): Promise<void> {
  if (await change(() => client().call('project.undo', {}))) toasts.closeUndo();
}
export const redo = (): Promise<boolean> => change(() => client().call('project.redo', {}));

/* ---- datasets and results ---- */

/** The file itself stays; results made from it too. */
export async function closeDataset(dataset: DatasetId): Promise<void> {
  const name = project.datasets.find((d) => d.id === dataset)?.name ?? 'The dataset';
  if (!(await change(() => client().call('dataset.close', { dataset })))) return;
  toasts.tell(`${name} was closed.`, { label: undoLabel, run: () => void undo() });
}

export const setAxes = async (dataset: DatasetId, axes: Params<'dataset.axes'>['axes']): Promise<boolean> => {
  const isDone = await change(() => client().call('dataset.axes', { dataset, axes }));
  if (isDone) await loadViews(dataset);
  return isDone;
};

export const renameResult = (result: ResultId, name: string): Promise<boolean> =>
  change(() => client().call('result.rename', { result, name }));

export const starResult = (result: ResultId, starred: boolean): Promise<boolean> =>
  change(() => client().call('result.star', { result, starred }));

/** To the bin, with a way back at hand. */
export async function deleteResult(result: ResultId): Promise<void> {
  const name = project.results.find((r) => r.id === result)?.name ?? 'The result';
  if (!(await change(() => client().call('result.delete', { result })))) return;
  toasts.tell(`${name} was deleted. It stays in the bin for 30 days.`, {
    label: undoLabel,
    run: () => void restoreResult(result),
  });
}

export const restoreResult = (result: ResultId): Promise<boolean> =>
  change(() => client().call('result.restore', { result }));

export async function cancelJob(job: JobId, keep: boolean): Promise<void> {
  await attempt(() => client().call('job.cancel', { job, keep }));
}

/* ---- taking things away ---- */

export async function exportResult(result: ResultRecord): Promise<void> {
  const path = await attempt(() =>
    choosePathToSave(`Export ${result.name}`, `${safeName(result.name)}.npz`, resultExtensions(result.kind)),
  );
  if (path == null) return;
  const done = await replacing(path, (overwrite) =>
    client().call('export.result', { result: result.id as ResultId, path, overwrite }),
  );
  if (done !== undefined) tellWritten(done);
}

/** The formats that can hold these data. */
const extensionsFor = (dataset: DatasetSummary): string[] =>
  formatsFor(dataset).flatMap(({ extensions }) => [...extensions]);

/** Names of files, and what was changed on the way; of many files the first ones. */
function tellWritten({ written, notes }: { written: readonly string[]; notes: readonly string[] }): void {
  const names = written.slice(0, 4).map(fileNameOf).join(', ');
  const more = written.length > 4 ? ` and ${written.length - 4} more` : '';
  toasts.tell([`Written: ${names}${more}.`, ...notes.slice(0, 3)].join(' '));
}

export async function exportDataset(dataset: DatasetSummary): Promise<void> {
  const path = await attempt(() =>
    choosePathToSave(`Export ${dataset.name}`, `${safeName(dataset.name)}.hspy`, extensionsFor(dataset)),
  );
  if (path == null) return;
  const done = await replacing(path, (overwrite) =>
    client().call('export.dataset', { dataset: dataset.id, path, overwrite }),
  );
  if (done !== undefined) tellWritten(done);
}

/** A name that every file system takes. */
export const safeName = (name: string): string =>
  name
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80) || 'result';

export async function copyMethods(result: ResultRecord): Promise<void> {
  const answer = await attempt(() => client().call('result.methods', { result: result.id as ResultId }));
  if (answer !== undefined) await copyText(answer.text, 'The methods sentence');
}

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.tell(`${what} is in the clipboard.`);
  } catch {
    toasts.warn('This computer does not let the page use the clipboard. Select the text and copy it with Ctrl+C.');
  }
}

/** Remembers where files were last opened or saved. */
export const rememberFolder = (folder: string): void => storeSettings({ lastFolder: folder });
