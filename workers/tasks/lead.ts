import type { MessagePort } from 'node:worker_threads';
import { findRun } from '../algorithms/entry-table.ts';
import { openControl, readCurve } from '../control.ts';
import type { Job, Pass, RunInput } from '../job.ts';
import { EigenscopeError, fromPlainError } from '../model/errors.ts';
import type { AlgorithmOutput } from '../model/result.ts';
import type { MatrixView } from '../model/rows.ts';
import { withRows } from '../passes/hdf5-rows.ts';
import type { Part } from '../passes/partition.ts';
import { isSmall, partition } from '../passes/partition.ts';
import { createRowFile } from '../passes/row-target.ts';
import { mergeInOrder, runPart } from '../passes/run-part.ts';
import type { PluginAnswer, PluginTask } from '../plugins/contract.ts';
import { createPluginRun, createPreparation } from '../plugins/plugin-run.ts';
import type { PluginManifest } from '../specs/plugin-manifest.ts';
import { transferablesIn, type TaskReply } from './task.ts';

export interface LeadTask {
  operation: string;
  algorithm: string | null;
  input: RunInput;
  values: Record<string, unknown>;
  seed: number;
  control: Int32Array<SharedArrayBuffer>;
  /** a custom algorithm in place of one of ours, or what one of ours uses to prepare its values */
  plugin?: PluginCall | null;
  /** where arrays of the size of the data are written; memory when left out */
  rowFolder?: string | null;
  /** the most that one array in memory may take, bytes: what is admitted beside the data */
  mostBytes?: number;
  /** over which the lead asks for parts to be run on other threads */
  port: MessagePort;
}

/** A custom algorithm that the user has allowed, and where its module is. */
export interface PluginCall {
  manifest: PluginManifest;
  file: string;
}

/** Asks for a custom algorithm's own thread; answered like a part. */
export interface PluginRequest {
  number: number;
  plugin: PluginTask;
  memoryMiB: number;
}

/** What a lead asks for; the answer carries the same number. */
export interface PartRequest {
  number: number;
  pass: string;
  view: MatrixView;
  shared: unknown;
  part: Part;
}

export interface PartAnswer {
  number: number;
  reply: TaskReply<unknown>;
}

const sharedFrom = 2 ** 16;

/** The same value with its large arrays in shared memory, so that each part's message carries references alone. */
function toShared(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof SharedArrayBuffer || value.byteLength < sharedFrom || value instanceof DataView)
      return value;
    const typed = value as Float64Array;
    const Typed = typed.constructor as Float64ArrayConstructor;
    const copy = new Typed(new SharedArrayBuffer(typed.byteLength));
    copy.set(typed);
    return copy;
  }
  if (Array.isArray(value)) return value.map(toShared);
  if (value !== null && typeof value === 'object' && !(value instanceof SharedArrayBuffer)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toShared(item)]));
  }
  return value;
}

/** Merges b into a and gives b's memory back at once: a few of them waiting for the collector are as much as the data. */
function mergeAway<Shared, State>(pass: Pass<Shared, State>, a: State, b: State): State {
  const merged = pass.merge(a, b);
  const kept = transferablesIn(merged);
  for (const buffer of transferablesIn(b)) if (!kept.has(buffer)) buffer.transfer(0);
  return merged;
}

/** Runs one algorithm in this thread, with its passes spread over the compute pool by whoever holds the port's other end. */
export async function runLead(task: LeadTask): Promise<{ output: AlgorithmOutput; seconds: number }> {
  const control = openControl(task.control);
  const waiting = new Map<number, (reply: TaskReply<unknown>) => void>();
  let count = 0;
  task.port.on('message', ({ number, reply }: PartAnswer) => {
    waiting.get(number)?.(reply);
    waiting.delete(number);
  });

  /** Sends a request under a number of its own and waits for the answer. */
  const ask = <T>(request: (number: number) => PartRequest | PluginRequest): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const number = count++;
      waiting.set(number, (reply) => (reply.ok ? resolve(reply.value as T) : reject(fromPlainError(reply.error))));
      task.port.postMessage(request(number));
    });

  const { rowFolder = null, mostBytes = Infinity } = task;
  const allocate = (elements: number): Float64Array<SharedArrayBuffer> => {
    const bytes = elements * Float64Array.BYTES_PER_ELEMENT;
    if (bytes > mostBytes) {
      throw new EigenscopeError(
        'out-of-memory',
        `This needs ${Math.ceil(bytes / 2 ** 20)} MiB in one array, more than the ${Math.floor(mostBytes / 2 ** 20)} MiB there are for the run. Ask for fewer components, allow more memory, or crop or bin the data.`,
        { bytes, room: Math.floor(mostBytes) },
      );
    }
    try {
      return new Float64Array(new SharedArrayBuffer(elements * Float64Array.BYTES_PER_ELEMENT));
    } catch (cause) {
      throw new EigenscopeError(
        'out-of-memory',
        `The result needs ${Math.round((elements * 8) / 2 ** 20)} MiB more than this computer can give. Ask for fewer components.`,
        { elements },
        cause,
      );
    }
  };
  const job: Job = {
    control,
    seed: task.seed,
    allocate,
    allocateRows: (name, elements) =>
      rowFolder === null ? { kind: 'shared', data: allocate(elements) } : createRowFile(rowFolder, name),
    async run<Shared, State>(
      pass: Pass<Shared, State>,
      view: MatrixView,
      shared: Shared,
      phase: number,
    ): Promise<State> {
      const parts = partition(view, pass, shared);
      if (isSmall(view, pass, shared)) {
        const states = parts.map((part) => runPart(pass, view, shared, part, control));
        control.progress(phase, parts.length, parts.length);
        return mergeInOrder(pass, states);
      }
      const light = { view: toShared(view) as MatrixView, shared: toShared(shared) };
      let done = 0;
      control.progress(phase, 0, parts.length);
      const states = parts.map((part) => {
        const state = ask<State>((number) => ({ number, pass: pass.id, part, ...light })).then((value) => {
          control.progress(phase, ++done, parts.length);
          return value;
        });
        // Awaited below, in order; a later part may fail before its turn.
        state.catch(() => {});
        return state;
      });
      // Merged in the order of the parts, each state let go as soon as it is in. Every part is settled before an error
      // leaves this pass: no thread still works on a job that has ended.
      let merged: State | undefined;
      let failure: { thrown: unknown } | null = null;
      for (let next = states.shift(); next !== undefined; next = states.shift()) {
        try {
          const state = await next;
          if (failure === null) merged = merged === undefined ? state : mergeAway(pass, merged, state);
        } catch (thrown) {
          failure ??= { thrown };
        }
      }
      if (failure !== null) throw failure.thrown;
      if (merged === undefined)
        throw new EigenscopeError('all-masked', 'There is nothing to compute: no rows are left.');
      return merged;
    },
  };

  const started = performance.now();
  try {
    const { plugin } = task;
    const call = (asked: PluginTask): Promise<PluginAnswer> =>
      ask<PluginAnswer>((number) => ({ number, plugin: asked, memoryMiB: plugin?.manifest.memoryMiB ?? 0 }));
    const isPreparation = plugin?.manifest.family === 'cluster_preprocessing';
    if (plugin && isPreparation) job.preprocessing = createPreparation(plugin.manifest, plugin.file, call, job);
    const run =
      plugin && !isPreparation
        ? createPluginRun(plugin.manifest, plugin.file, call)
        : await findRun(task.operation, task.algorithm);
    const output = await withRows(task.input.data, () => run(task.input, task.values, job));
    const curve = readCurve(task.control);
    if (curve.length > 0) {
      output.arrays['objective_history'] = { dtype: 'float64', shape: [curve.length / 2, 2], data: curve };
    }
    return { output, seconds: (performance.now() - started) / 1000 };
  } finally {
    task.port.close();
  }
}
