import type { Axis } from '../../workers/model/axes.ts';
import type { ClusterDisplay } from '../../workers/model/cluster-display.ts';
import type { DType } from '../../workers/model/dtype.ts';
import type { PlainError } from '../../workers/model/errors.ts';
import type { ReadHints } from '../../workers/model/read-hints.ts';
import type { Metadata, ReadOptions } from '../../workers/model/signal.ts';
import type { PluginManifest } from '../../workers/specs/plugin-manifest.ts';
import type { ResultRecord } from '../../workers/model/result.ts';

/* The only vocabulary that windows and services share: types of calls, events and array names. */

export type DatasetId = string & { readonly __id: 'dataset' };
export type ResultId = string & { readonly __id: 'result' };
export type JobId = string & { readonly __id: 'job' };

/** Bytes never travel in a message: the reply names them and the page fetches `url` as little-endian C-order bytes. */
export interface ArrayRef {
  url: string;
  dtype: DType;
  shape: readonly number[];
}

export interface DatasetSummary {
  id: DatasetId;
  /** display name; the file's name or the signal's title */
  name: string;
  file: string;
  signal: number;
  format: string;
  title: string;
  signalType: string;
  shape: readonly number[];
  dtype: DType;
  axes: readonly Axis[];
  quantity: { name: string; units: string | null };
  bytes: number;
  samples: number;
  features: number;
  /** in memory, or read from the file by block */
  residency: 'loading' | 'memory' | 'file';
  /** how prepared data were made from the file, in order */
  steps: readonly { operation: string; values: Metadata }[];
  /** the data set that prepared data were made of; it may be closed by now */
  madeOf: string | null;
  /** the file is gone or has changed since; results stay readable */
  missing: string | null;
  /** what has become of the file since it was opened here, where it is not as it was then; the data stay as they were */
  changed?: FileChange;
  warnings: readonly string[];
}

/** `growing`: still being written; `written`: written again; `gone`: not there any more. */
export interface FileChange {
  kind: 'growing' | 'written' | 'gone';
  text: string;
}

/** First paint in one trip: the summary with the references of image and spectrum. */
export interface OpenedDataset {
  summary: DatasetSummary;
  /** navigator: sum over the signal axes [navigation shape]; from a part of the channels while loading (`preview`) */
  image: ArrayRef & { preview: boolean };
  /** mean over all pixels, or of a sample of them (`preview`); [signal shape], float64 */
  spectrum: ArrayRef & { preview: boolean };
}

export type Reduction = 'sum' | 'mean' | 'max';

export interface ProjectState {
  /** changes whenever another project is opened */
  id: string;
  /** folder of the .eigenproject, or null while it only lives in the autosave place */
  path: string | null;
  name: string;
  readOnly: string | null;
  saved: boolean;
  datasets: readonly DatasetSummary[];
  results: readonly ResultRecord[];
  /** deleted results, kept for 30 days */
  bin: readonly { record: ResultRecord; deleted: string }[];
  undo: string | null;
  redo: string | null;
  /** newest last */
  history: readonly { at: string; text: string }[];
  /** what the window wants to find again: panes, limits, selection; opaque to the services */
  layout: Metadata;
  /** what was recovered when the project was opened after a crash */
  recovered: string | null;
}

export interface JobState {
  id: JobId;
  name: string;
  dataset: DatasetId;
  algorithm: string;
  status: 'queued' | 'running' | 'finished' | 'failed' | 'cancelled';
  phase: string;
  /** 0 … 1 */
  fraction: number;
  elapsedSeconds: number;
  leftSeconds: number | null;
  /** the live curve of an iterative method: iteration and objective by turns; empty for others */
  curve: readonly number[];
  canKeep: boolean;
  result: ResultId | null;
  error: PlainError | null;
}

export interface AppInfo {
  version: string;
  host: 'electron' | 'web';
  platform: string;
  threads: number;
  freeBytes: number;
  totalBytes: number;
  formats: readonly { id: string; title: string; extensions: readonly string[] }[];
  /** path of the sample that ships */
  sample: string;
  /** folders that can be listed by this host; null = native dialogs */
  roots: readonly string[] | null;
  recent: readonly { path: string; name: string; opened: string }[];
  settings: Metadata;
}

/** A custom algorithm in a folder that the user has added. */
export interface PluginInfo {
  folder: string;
  /** sha-256 of its files as they are now; what the user allows is this */
  hash: string | null;
  manifest: PluginManifest | null;
  /** only `allowed` ones run */
  state: 'allowed' | 'new' | 'changed' | 'broken';
  problem: string | null;
}

export type FigureKind = 'scree' | 'factors' | 'loadings';

export interface FigureRequest {
  result: ResultId;
  kind: FigureKind;
  /** component indices, 0-based; scree: how many are kept */
  components: readonly number[];
  widthMm: number;
  heightMm: number | null;
  dpi: number;
  /** point size of labels */
  textPt: number;
  colormap: string | null;
  shareLimits: boolean;
}

export interface Methods {
  'app.info': { params: Record<string, never>; result: AppInfo };
  'app.settings': { params: { settings: Metadata }; result: Metadata };
  /** native dialogs; hosts without them answer `forbidden` and the page shows its own on files.list */
  'plugins.list': { params: Record<string, never>; result: { plugins: readonly PluginInfo[] } };
  /** a folder that holds plugin.json; it does not run before it is allowed */
  'plugins.add': { params: { folder: string }; result: { plugins: readonly PluginInfo[] } };
  /** `hash` is what was shown to the user */
  'plugins.allow': { params: { folder: string; hash: string }; result: { plugins: readonly PluginInfo[] } };
  'plugins.remove': { params: { folder: string }; result: { plugins: readonly PluginInfo[] } };
  'dialog.open': {
    /** `folders`: folders instead of files, for data that are kept as one */
    params: { title: string; extensions: readonly string[]; folders?: boolean };
    result: { paths: readonly string[] };
  };
  'dialog.save': {
    params: { title: string; name: string; extensions: readonly string[] };
    result: { path: string | null };
  };
  'files.list': {
    params: { folder: string | null };
    result: {
      folder: string;
      parent: string | null;
      entries: readonly {
        name: string;
        path: string;
        folder: boolean;
        /** a folder that is one file of data, such as a Zarr store */
        data: boolean;
        bytes: number;
        modified: string;
      }[];
    };
  };
  'file.stat': { params: { path: string }; result: { bytes: number; modified: string; folder: boolean } };
  'file.info': {
    params: { path: string } & Omit<ReadHints, 'axes'>;
    result: {
      format: string;
      signals: readonly {
        index: number;
        title: string;
        shape: readonly number[];
        dtype: DType;
        axes: readonly Axis[];
        bytes: number;
        /** what can be chosen about how it is read; null: nothing */
        options: ReadOptions | null;
      }[];
    };
  };

  /** a first look at a signal of a file that is not opened: what can be read in a moment */
  'file.preview': {
    params: { path: string; signal: number } & Omit<ReadHints, 'axes'>;
    result: { shape: readonly number[]; dtype: DType; axes: readonly Axis[]; image: ArrayRef; spectrum: ArrayRef };
  };

  'project.state': { params: Record<string, never>; result: ProjectState };
  'project.new': { params: Record<string, never>; result: ProjectState };
  /** .eigenproject folder or .eigs file */
  'project.open': { params: { path: string }; result: ProjectState };
  /** .eigenproject (keeps working there) or .eigs (one file, a copy) by the extension */
  'project.save': { params: { path: string; overwrite: boolean }; result: ProjectState };
  /** the recipe that makes data and results of the project again, with the masks that it names beside it */
  'project.recipe': {
    params: { path: string; overwrite: boolean };
    result: { written: readonly string[]; notes: readonly string[] };
  };
  'project.undo': { params: Record<string, never>; result: ProjectState };
  'project.redo': { params: Record<string, never>; result: ProjectState };
  /** ignored when another project has been opened meanwhile */
  'project.layout': { params: { project: string; layout: Metadata }; result: null };

  'dataset.open': {
    params: { path: string; signal?: number } & Omit<ReadHints, 'axes'>;
    result: { opened: readonly OpenedDataset[] };
  };
  /** the file of a data set as it is now, opened as a data set of its own; the one there is stays */
  'dataset.reopen': { params: { dataset: DatasetId }; result: { opened: readonly OpenedDataset[] } };
  /** the first image and spectrum again, now in full if loading has ended */
  'dataset.views': { params: { dataset: DatasetId }; result: OpenedDataset };
  'dataset.image': {
    params: { dataset: DatasetId; reduce: Reduction; channels: readonly [number, number] | null };
    result: ArrayRef;
  };
  /** mean and standard deviation over pixels told as first and end (exclusive) by turns, rising; [signal shape] */
  'dataset.pixels': {
    params: { dataset: DatasetId; runs: readonly number[] };
    result: { mean: ArrayRef; spread: ArrayRef };
  };
  /** a navigation mask that leaves out these pixels, as a result; `parent` is what they were chosen in */
  'dataset.mask': {
    params: { dataset: DatasetId; runs: readonly number[]; name: string; parent: ResultId | null };
    result: ProjectState;
  };
  'dataset.metadata': { params: { dataset: DatasetId }; result: { metadata: Metadata; original: Metadata } };
  'dataset.axes': {
    params: {
      dataset: DatasetId;
      axes: readonly { name: string; units: string | null; scale: number; offset: number }[];
    };
    result: ProjectState;
  };
  /** what a preparation step would make; reads no pixels */
  'prepare.check': {
    params: { dataset: DatasetId; operation: string; parameters: Metadata };
    result: {
      problems: readonly { param: string | null; message: string }[];
      /** null while there are problems */
      outcome: { shape: readonly number[]; dtype: DType; axes: readonly Axis[]; bytes: number } | null;
    };
  };
  /** the spectrum at a position before and after a step, the position found again by its coordinates */
  'prepare.preview': {
    params: { dataset: DatasetId; operation: string; parameters: Metadata; at: readonly number[] };
    result: {
      /** of the outcome */
      axes: readonly Axis[];
      quantity: DatasetSummary['quantity'];
      at: readonly number[];
      before: ArrayRef;
      after: ArrayRef;
    };
  };
  /**
   * the mask that a threshold would make, before the run that makes it; what is still being added up for an earlier
   * question about other data or channels is given up: it fails with `cancelled`
   */
  'prepare.mask': {
    params: { dataset: DatasetId; operation: string; parameters: Metadata };
    result: {
      /** sum over the channels that count [navigation shape], float64; the same for the same channels */
      sums: ArrayRef;
      /** true = left out [navigation shape], bool */
      mask: ArrayRef;
      /** pixels that are left out */
      masked: number;
      /** at which sum the pixels are parted; null where a share of none is asked for */
      threshold: number | null;
    };
  };
  /** nobody waits for `prepare.mask` any more */
  'prepare.stopMask': { params: Record<string, never>; result: null };
  /** makes a data set of its own; undo takes it away */
  'prepare.apply': {
    params: { dataset: DatasetId; operation: string; parameters: Metadata; name: string | null };
    result: { opened: OpenedDataset };
  };
  /** pixels as a data set of their own, with the mask that leaves them, as one step of the history */
  'prepare.pixels': {
    params: {
      dataset: DatasetId;
      /** pixels that are left out: first and end (exclusive) by turns, rising */
      runs: readonly number[];
      /** of the data set */
      name: string;
      mask: string;
      /** the result they were chosen in */
      parent: ResultId | null;
    };
    result: { opened: OpenedDataset };
  };
  'dataset.close': { params: { dataset: DatasetId }; result: ProjectState };

  /** limits, conflicts, memory and time of a run that has not started */
  'job.check': {
    params: {
      dataset: DatasetId;
      operation: string;
      algorithm: string | null;
      parent: ResultId | null;
      parameters: Metadata;
    };
    result: {
      problems: readonly { param: string | null; message: string }[];
      limits: Readonly<Record<string, { min: number; max: number; why: string }>>;
      bytes: number;
      freeBytes: number;
      /** what would be written in order to a scratch file before the run; 0: nothing */
      scratchBytes: number;
      seconds: number;
      samples: number;
      features: number;
    };
  };
  'job.start': {
    params: {
      dataset: DatasetId;
      operation: string;
      algorithm: string | null;
      parent: ResultId | null;
      parameters: Metadata;
      seed: number;
      name: string | null;
      /** a scratch file may be written: `scratchBytes` was told and agreed to. Else it is refused, unless it was allowed for good */
      mayWrite?: boolean;
    };
    result: { job: JobId };
  };
  'job.cancel': { params: { job: JobId; keep: boolean }; result: null };
  'job.list': { params: Record<string, never>; result: { jobs: readonly JobState[] } };

  /** an array of a result; `columns` keeps [first, end) of the second axis, so that a page never fetches 1024 maps */
  'result.array': {
    params: { result: ResultId; name: string; columns: readonly [number, number] | null };
    result: ArrayRef;
  };
  /** what the first k components leave of the data: one pass over them */
  'result.residual': {
    params: { result: ResultId; components: number };
    result: {
      /** root mean square over the channels [navigation shape], float64, units of the data */
      map: ArrayRef;
      /** signed mean over the pixels [signal shape] */
      spectrum: ArrayRef;
      /** root mean square over the pixels [signal shape] */
      spread: ArrayRef;
      /** ‖data − model‖ / ‖data‖ */
      relativeError: number;
    };
  };
  'result.rename': { params: { result: ResultId; name: string }; result: ProjectState };
  'result.star': { params: { result: ResultId; starred: boolean }; result: ProjectState };
  /** names, colours and merging of clusters; `what` is what the history says: "Rename cluster 2" */
  'result.display': {
    params: { result: ResultId; display: ClusterDisplay | null; what: string };
    result: ProjectState;
  };
  'result.delete': { params: { result: ResultId }; result: ProjectState };
  'result.restore': { params: { result: ResultId }; result: ProjectState };
  'result.methods': { params: { result: ResultId }; result: { text: string } };

  /** the drawing as the export will have it, for the preview */
  'figure.preview': { params: { figure: FigureRequest }; result: { svg: string; warnings: readonly string[] } };
  'export.figure': {
    params: { figure: FigureRequest; path: string; overwrite: boolean };
    result: { written: readonly string[] };
  };
  /**
   * numbers of a result by the extension: npz, hspy, csv (several tables beside each other), maps as tif and png;
   * `notes` say what was changed on the way
   */
  'export.result': {
    params: { result: ResultId; path: string; overwrite: boolean };
    result: { written: readonly string[]; notes: readonly string[] };
  };
  /** data in any format of `signal-formats.ts` */
  'export.dataset': {
    params: { dataset: DatasetId; path: string; overwrite: boolean };
    result: { written: readonly string[]; notes: readonly string[] };
  };
}

export interface Events {
  'project.changed': ProjectState;
  'dataset.loaded': { dataset: DatasetId; fraction: number; summary: DatasetSummary };
  /** the file of an open data set is not as it was when it was opened, or is so again */
  'dataset.changed': { dataset: DatasetId; summary: DatasetSummary };
  'job.changed': JobState;
  /** another window or the command line asks to open a file here */
  'open.requested': { path: string };
  /** chosen in a native menu: an id of the command registry */
  'command.requested': { command: string };
}

export type MethodName = keyof Methods;
export type EventName = keyof Events;
export type Params<M extends MethodName> = Methods[M]['params'];
export type Result<M extends MethodName> = Methods[M]['result'];

/**
 * Live arrays, fetched in one trip without asking for a reference first:
 *   live/<dataset>/spectrum?at=y,x            one spectrum, in the file's dtype or float64
 *   live/<dataset>/spectrum?box=y0,x0,y1,x1&reduce=mean|sum   (ends exclusive), float64
 * The answer carries `x-dtype` and `x-shape` headers. Relative to the host's array root (`/arrays/` or `app://arrays/`).
 */
export const liveSpectrumUrl = (dataset: DatasetId, at: readonly number[]): string =>
  `live/${dataset}/spectrum?at=${at.join(',')}`;
export const liveBoxUrl = (dataset: DatasetId, box: readonly number[], reduce: 'mean' | 'sum'): string =>
  `live/${dataset}/spectrum?box=${box.join(',')}&reduce=${reduce}`;
