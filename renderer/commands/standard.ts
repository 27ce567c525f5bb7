import {
  cancelJob,
  closeDataset,
  copyText,
  deleteResult,
  exportDataset,
  exportResult,
  newProject,
  openFiles,
  openFolder,
  openProject,
  openRaw,
  openSample,
  redo,
  saveProject,
  saveProjectAs,
  saveRecipe,
  starResult,
  undo,
} from '../state/actions.ts';
import {
  showAbout,
  showAxes,
  showBin,
  showMemory,
  showPlugins,
  showMetadata,
  showPalette,
  showHelp,
  showShortcuts,
} from '../state/dialogs.svelte.ts';
import { app } from '../state/app.svelte.ts';
import { automaticPercentiles } from '../state/inspection.svelte.ts';
import { jobs } from '../state/jobs.svelte.ts';
import { project, showView, toggleSide, type View } from '../state/project.svelte.ts';
import { readingText } from '../state/reading.svelte.ts';
import { changeSettings, settings } from '../state/settings.svelte.ts';
import type { ResultId } from '../../main/contract/methods.ts';
import type { Command } from './registry.svelte.ts';
import { maskCommands } from '../masks/commands.ts';
import { painting } from '../masks/painting-state.svelte.ts';
import { isPaintingHere, redoStroke, undoStroke } from '../masks/painting.svelte.ts';
import { prepareCommands } from '../prepare/commands.ts';
import { openPreparation, preparing } from '../prepare/preparing.svelte.ts';
import { methodsOf } from '../wizard/algorithms.ts';
import { openedWizard, openWizard } from '../wizard/wizard.svelte.ts';

/* Reasons why a command has to wait, in words that say what to do. */
const needsDataset = (): string | null => (project.dataset === null ? 'Open a file first.' : null);
const needsResult = (): string | null =>
  project.result === null ? 'Choose a result in the list at the left first.' : null;
const needsDecomposition = (): string | null =>
  methodsOf('separate').length > 0 &&
  project.results.some((one) => one.dataset === project.datasetId && one.kind === 'decomposition')
    ? null
    : `Decompose ${project.dataset?.name ?? 'the data'} first: a separation works on the components.`;
const needsPixels = (purpose: string): string | null =>
  (project.dataset?.samples ?? 0) < 2
    ? `${project.dataset?.name ?? 'This'} has one pixel only, so there is nothing to ${purpose}.`
    : null;
const isReadOnly = (): string | null => {
  const reason = project.state?.readOnly ?? null;
  return reason === null ? null : `This project is read only: ${reason}.`.replace(/\.\.$/, '.');
};
const both = (...reasons: (string | null)[]): string | null => reasons.find((r) => r !== null) ?? null;

const view = (id: View, title: string, key: string): Command => ({
  id: `view.${id}`,
  title: `Show ${title.toLowerCase()}`,
  group: 'View',
  keys: [`Ctrl+${key}`],
  words: `go to ${title} tab`,
  why: () => (project.datasets.length === 0 && project.results.length === 0 ? 'Open a file or a project first.' : null),
  run: () => showView(id),
});

const theme = (id: 'system' | 'light' | 'dark' | 'contrast', title: string): Command => ({
  id: `view.theme.${id}`,
  title: `Theme: ${title}`,
  group: 'View',
  words: 'colours appearance',
  run: () => changeSettings({ theme: id }),
});

const scaleText = (delta: number): void =>
  changeSettings({ textScale: Math.min(2, Math.max(1, Math.round((settings.textScale + delta) * 10) / 10)) });

/** The commands of the window itself; views add their own while they are shown. */
export const standardCommands: readonly Command[] = [
  {
    id: 'file.open',
    title: 'Open files…',
    group: 'File',
    keys: ['Ctrl+O'],
    words: 'load data import',
    run: () => void app.ready.then(() => openFiles()),
  },
  {
    id: 'file.openProject',
    title: 'Open a project…',
    group: 'File',
    keys: ['Ctrl+Shift+O'],
    run: () => void app.ready.then(() => openProject()),
  },
  {
    id: 'file.openFolder',
    title: 'Open a folder of data…',
    group: 'File',
    words: 'zspy zarr store directory',
    run: () => void app.ready.then(() => openFolder()),
  },
  {
    id: 'file.openRaw',
    title: 'Open raw numbers…',
    group: 'File',
    words: 'binary headerless unknown format dtype shape offset bin dat',
    run: () => void app.ready.then(() => openRaw()),
  },
  {
    id: 'file.sample',
    title: 'Open the sample',
    group: 'File',
    words: 'example demo',
    run: () => void app.ready.then(() => openSample()),
  },
  {
    id: 'file.new',
    title: 'New project',
    group: 'File',
    keys: ['Ctrl+N'],
    words: 'close project',
    run: () => void newProject(),
  },
  {
    id: 'file.save',
    title: 'Save',
    group: 'File',
    keys: ['Ctrl+S'],
    why: () => both(needsProject(), isReadOnly()),
    run: () => void saveProject(),
  },
  {
    id: 'file.saveAs',
    title: 'Save project as…',
    group: 'File',
    keys: ['Ctrl+Shift+S'],
    words: 'eigs eigenproject copy',
    why: () => needsProject(),
    run: () => void saveProjectAs(),
  },
  {
    id: 'file.saveRecipe',
    title: 'Save recipe…',
    group: 'File',
    words: 'json repeat batch command line steps',
    why: () => needsProject(),
    run: () => void saveRecipe(),
  },
  { id: 'file.start', title: 'Show the start page', group: 'File', words: 'home recent', run: () => showView('home') },

  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    keys: ['Ctrl+Z'],
    why: () =>
      isPaintingHere()
        ? painting.history.done.length === 0 && painting.live === null
          ? 'Nothing is painted that could be undone.'
          : null
        : both(project.state?.undo == null ? 'Nothing to undo.' : null, isReadOnly()),
    run: () => (isPaintingHere() ? undoStroke() : void undo()),
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    group: 'Edit',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    why: () =>
      isPaintingHere()
        ? painting.history.undone.length === 0
          ? 'Nothing was undone in the painting.'
          : null
        : both(project.state?.redo == null ? 'Nothing to redo.' : null, isReadOnly()),
    run: () => (isPaintingHere() ? redoStroke() : void redo()),
  },
  {
    id: 'edit.copyReading',
    title: 'Copy cursor reading',
    group: 'Edit',
    words: 'status line value position',
    why: needsDataset,
    run: () => void copyText(readingText(), 'The cursor reading'),
  },

  view('workspace', 'Workspace', '1'),
  view('results', 'Results', '2'),
  view('compare', 'Compare', '3'),
  view('figures', 'Figures', '4'),
  {
    id: 'view.side',
    title: 'Data list on or off',
    group: 'View',
    keys: ['Ctrl+B'],
    words: 'side panel tree',
    run: toggleSide,
  },
  theme('system', 'as the system'),
  theme('light', 'light'),
  theme('dark', 'dark'),
  theme('contrast', 'high contrast'),
  {
    id: 'view.larger',
    title: 'Larger text',
    group: 'View',
    keys: ['Ctrl++', 'Ctrl+='],
    words: 'zoom size scale',
    why: () => (settings.textScale >= 2 ? 'The text is at its largest, 200 %.' : null),
    run: () => scaleText(0.1),
  },
  {
    id: 'view.smaller',
    title: 'Smaller text',
    group: 'View',
    keys: ['Ctrl+-'],
    words: 'zoom size scale',
    why: () => (settings.textScale <= 1 ? 'The text is at its smallest, 100 %.' : null),
    run: () => scaleText(-0.1),
  },
  {
    id: 'view.memory',
    title: 'Memory…',
    group: 'View',
    words: 'settings ceiling limit ram gigabytes preferences',
    run: showMemory,
  },
  {
    id: 'view.pointOrBox',
    title: 'Cursor: point or box',
    group: 'View',
    keys: ['M'],
    words: 'integrate mean region',
    why: needsDataset,
    run: togglePointBox,
  },
  {
    id: 'view.autoContrast',
    title: 'Automatic contrast',
    group: 'View',
    words: 'limits percentile',
    why: needsDataset,
    run: resetContrast,
  },
  {
    id: 'view.allChannels',
    title: 'Image of all channels',
    group: 'View',
    words: 'clear window span',
    why: () => both(needsDataset(), project.inspection?.window == null ? 'No channel window is set.' : null),
    run: clearWindow,
  },

  {
    id: 'data.scale',
    title: 'Set scale…',
    group: 'Data',
    words: 'calibrate axes units pixel size energy offset',
    why: () => both(needsDataset(), isReadOnly()),
    run: () => project.dataset && showAxes(project.dataset.id),
  },
  {
    id: 'data.metadata',
    title: 'Show metadata…',
    group: 'Data',
    words: 'information tags about file',
    why: needsDataset,
    run: () => project.dataset && showMetadata(project.dataset.id),
  },
  {
    id: 'data.export',
    title: 'Export data…',
    group: 'Data',
    words: 'hspy zspy npy npz tiff rpl ripple envi mrc blo msa csv png write',
    why: needsDataset,
    run: () => project.dataset && void exportDataset(project.dataset),
  },
  {
    id: 'data.close',
    title: 'Close the dataset',
    group: 'Data',
    words: 'remove',
    why: () => both(needsDataset(), isReadOnly()),
    run: () => project.dataset && void closeDataset(project.dataset.id),
  },

  {
    id: 'data.prepare',
    title: 'Prepare data…',
    group: 'Data',
    keys: ['Ctrl+P'],
    words: 'preprocess crop slice rebin background smooth spikes normalise align stack merge transpose before analysis',
    why: () => both(needsDataset(), isReadOnly()),
    run: () => openPreparation(),
  },
  ...prepareCommands(() => both(needsDataset(), isReadOnly())),
  ...maskCommands(() => both(needsDataset(), isReadOnly())),

  {
    id: 'run.decompose',
    title: 'Decompose…',
    group: 'Run',
    keys: ['Ctrl+R'],
    words: 'svd pca nmf run wizard components',
    why: () => both(needsDataset(), needsPixels('compare'), isReadOnly()),
    ownsKeys: () => project.panel === null || project.view !== 'workspace',
    run: () => openWizard('decompose'),
  },
  {
    id: 'run.separate',
    title: 'Separate…',
    group: 'Run',
    keys: ['Ctrl+Shift+B'],
    words: 'bss ica fastica blind source separation independent unmix wizard',
    why: () => both(needsDataset(), needsDecomposition(), isReadOnly()),
    run: () => openWizard('separate'),
  },
  {
    id: 'run.cluster',
    title: 'Cluster…',
    group: 'Run',
    keys: ['Ctrl+Shift+K'],
    words: 'k-means group pixels classes gaussian mixture how many clusters wizard',
    why: () => both(needsDataset(), needsPixels('group'), isReadOnly()),
    run: () => openWizard('cluster'),
  },
  {
    id: 'run.peaks',
    title: 'Fit peaks…',
    group: 'Run',
    keys: ['Ctrl+Shift+F'],
    words: 'gaussian position width height shift parameter maps features wizard',
    why: () => both(needsDataset(), isReadOnly()),
    run: () => openWizard('peaks'),
  },
  {
    id: 'run.cancel',
    title: 'Cancel the running job',
    group: 'Run',
    keys: ['Ctrl+.'],
    words: 'stop abort',
    why: () => (jobs.active.length === 0 ? 'Nothing is running.' : null),
    run: cancelFirst,
  },

  {
    id: 'results.star',
    title: 'Star the result',
    group: 'Results',
    words: 'favourite preferred',
    why: () => both(needsResult(), isReadOnly()),
    run: () => project.result && void starResult(project.result.id as ResultId, !project.result.starred),
  },
  {
    id: 'results.export',
    title: 'Export arrays of the result…',
    group: 'Results',
    words: 'npz hspy csv tiff png factors loadings maps',
    why: needsResult,
    run: () => project.result && void exportResult(project.result),
  },
  {
    id: 'results.delete',
    title: 'Delete the result',
    group: 'Results',
    words: 'remove',
    why: () => both(needsResult(), isReadOnly()),
    run: () => project.result && void deleteResult(project.result.id as ResultId),
  },
  {
    id: 'run.plugins',
    title: 'Custom algorithms…',
    group: 'Run',
    words: 'plugin extension own method module allow',
    run: showPlugins,
  },
  { id: 'results.bin', title: 'Show deleted results…', group: 'Results', words: 'bin restore trash', run: showBin },

  { id: 'help.palette', title: 'Find a command', group: 'Help', keys: ['Ctrl+K'], hidden: true, run: showPalette },
  {
    id: 'help.page',
    title: 'Help',
    group: 'Help',
    keys: ['F1'],
    words: 'manual method algorithm glossary',
    run: () => showHelp(currentAlgorithm()),
  },
  {
    id: 'help.shortcuts',
    title: 'Shortcuts',
    group: 'Help',
    keys: ['Ctrl+/'],
    words: 'keys help',
    run: showShortcuts,
  },
  { id: 'help.about', title: 'About Eigenscope', group: 'Help', words: 'version formats', run: showAbout },
];

/** The method that is being chosen, or that made what is looked at. */
const currentAlgorithm = (): string | null => {
  const opened = project.panel === 'prepare' ? preparing.step : (openedWizard()?.algorithm ?? '');
  const chosen = project.view === 'workspace' ? opened : '';
  if (chosen !== '') return chosen;
  if (project.view === 'workspace' || project.view === 'home') return null;
  return project.result?.algorithm ?? project.result?.operation ?? null;
};

function needsProject(): string | null {
  return project.datasets.length === 0 && project.results.length === 0
    ? 'There is nothing to save yet. Open a file first.'
    : null;
}

function togglePointBox(): void {
  const inspection = project.inspection;
  if (inspection !== null) inspection.mode = inspection.mode === 'point' ? 'box' : 'point';
}

function resetContrast(): void {
  const inspection = project.inspection;
  if (inspection === null) return;
  inspection.percentiles = automaticPercentiles;
  inspection.limits = null;
}

function clearWindow(): void {
  if (project.inspection !== null) project.inspection.window = null;
}

function cancelFirst(): void {
  const job = jobs.active.find((j) => j.status === 'running') ?? jobs.active[0];
  if (job !== undefined) void cancelJob(job.id, false);
}
