import { randomUUID } from 'node:crypto';
import { readCurve, readProgress, requestStop } from '../../workers/control.ts';
import { EigenscopeError, toPlainError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput } from '../../workers/model/result.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import type { JobId, JobState, ResultId } from '../contract/methods.ts';
import type { Computation, ComputeRequest } from './compute.ts';
import { startComputation } from './compute.ts';
import type { Pool } from './pool.ts';

export interface JobPlan {
  name: string;
  dataset: string;
  algorithm: string;
  spec: AlgorithmSpec;
  /**
   * Gathers the data; runs when the job's turn comes.
   * @param begin names what takes long in it, and where that tells how far it is
   * @param cancelled aborted when nobody wants the data any more
   */
  prepare(
    begin: (phase: string, control: Int32Array<SharedArrayBuffer>) => void,
    cancelled: AbortSignal,
  ): Promise<ComputeRequest>;
  /** keeps what came out; answers the id of the new result */
  finish(output: AlgorithmOutput, seconds: number): Promise<string>;
  /** whatever came of it: removes what only the run needed */
  end?(): Promise<void>;
}

export interface JobRunner {
  start(plan: JobPlan): JobId;
  stop(id: string, keep: boolean): void;
  list(): JobState[];
  /** Cancels everything and waits until the threads are free. */
  cancelAll(): Promise<void>;
  /** Waits until nothing runs and nothing is queued. */
  idle(): Promise<void>;
}

interface Entry {
  state: JobState;
  plan: JobPlan;
  computation: Computation | null;
  /** what is done before the computation and takes long */
  stage: { phase: string; control: Int32Array<SharedArrayBuffer> } | null;
  cancel: AbortController;
  started: number;
}

const pollMs = 100;
const keepFinished = 20;

/** Share done, all phases counted alike: the phases' own totals say nothing about each other's cost. */
export function fractionDone(phase: number, done: number, total: number, phases: number): number {
  if (phases === 0) return 0;
  return Math.min(1, (phase + (total > 0 ? done / total : 0)) / phases);
}

/** Runs jobs one after the other: each uses all threads, so two at once would only take each other's memory. */
export function createJobRunner(
  pool: Pool,
  onChange: (state: JobState) => void,
  now: () => number = Date.now,
): JobRunner {
  const jobs = new Map<string, Entry>();
  let running: Promise<void> | null = null;

  const change = (entry: Entry, part: Partial<JobState>): void => {
    entry.state = { ...entry.state, ...part };
    onChange(entry.state);
  };

  const pollStage = (entry: Entry, { phase, control }: NonNullable<Entry['stage']>): void => {
    const { done, total } = readProgress(control);
    const fraction = fractionDone(0, done, total, 1);
    change(entry, { phase, fraction, elapsedSeconds: (now() - entry.started) / 1000, leftSeconds: null });
  };

  const poll = (entry: Entry): void => {
    if (entry.stage !== null) pollStage(entry, entry.stage);
    if (entry.computation === null) return;
    const { phase, done, total } = readProgress(entry.computation.control);
    const { phases } = entry.plan.spec;
    const fraction = fractionDone(phase, done, total, phases.length);
    const elapsedSeconds = (now() - entry.started) / 1000;
    change(entry, {
      phase: phases[phase] ?? '',
      fraction,
      elapsedSeconds,
      curve: Array.from(readCurve(entry.computation.control)),
      leftSeconds: fraction > 0.05 ? (elapsedSeconds * (1 - fraction)) / fraction : null,
    });
  };

  const runOne = async (entry: Entry): Promise<void> => {
    entry.started = now();
    change(entry, { status: 'running', phase: 'Reading the data' });
    const timer = setInterval(() => poll(entry), pollMs);
    try {
      const request = await entry.plan.prepare((phase, control) => {
        entry.stage = { phase, control };
        pollStage(entry, entry.stage);
        if (entry.cancel.signal.aborted) requestStop(control, 'cancel');
      }, entry.cancel.signal);
      entry.stage = null;
      if (entry.cancel.signal.aborted) throw new EigenscopeError('cancelled', 'Cancelled.');
      entry.computation = startComputation(pool, request);
      const { output, seconds } = await entry.computation.done;
      entry.computation = null;
      change(entry, { phase: 'Saving', leftSeconds: null });
      const result = (await entry.plan.finish(output, seconds)) as ResultId;
      change(entry, { status: 'finished', fraction: 1, result, elapsedSeconds: (now() - entry.started) / 1000 });
    } catch (thrown) {
      const error = toPlainError(thrown);
      const cancelled = error.code === 'cancelled' || entry.cancel.signal.aborted;
      change(entry, { status: cancelled ? 'cancelled' : 'failed', error: cancelled ? null : error, leftSeconds: null });
    } finally {
      clearInterval(timer);
      entry.stage = null;
      entry.computation = null;
      await entry.plan.end?.().catch(() => undefined);
    }
  };

  const next = (): void => {
    if (running !== null) return;
    const waiting = [...jobs.values()].find(({ state }) => state.status === 'queued');
    if (waiting === undefined) return;
    running = runOne(waiting).finally(() => {
      running = null;
      const ended = [...jobs.values()].filter(({ state }) => state.status !== 'queued' && state.status !== 'running');
      for (const { state } of ended.slice(0, Math.max(0, ended.length - keepFinished))) jobs.delete(state.id);
      next();
    });
  };

  const stop = (id: string, keep: boolean): void => {
    const entry = jobs.get(id);
    if (entry === undefined) throw new EigenscopeError('not-found', 'This job has ended already.', { id });
    if (entry.state.status === 'queued') {
      change(entry, { status: 'cancelled' });
      return;
    }
    if (entry.state.status !== 'running') return;
    if (!keep) entry.cancel.abort();
    if (!keep && entry.stage !== null) requestStop(entry.stage.control, 'cancel');
    entry.computation?.stop(keep ? 'keep' : 'cancel');
  };

  return {
    start(plan) {
      const id = `job-${randomUUID().slice(0, 8)}` as JobId;
      const state: JobState = {
        id,
        name: plan.name,
        dataset: plan.dataset as JobState['dataset'],
        algorithm: plan.algorithm,
        status: 'queued',
        phase: 'Waiting',
        fraction: 0,
        elapsedSeconds: 0,
        leftSeconds: null,
        curve: [],
        canKeep: plan.spec.canKeep ?? false,
        result: null,
        error: null,
      };
      const entry: Entry = {
        state,
        plan,
        computation: null,
        stage: null,
        cancel: new AbortController(),
        started: now(),
      };
      jobs.set(id, entry);
      onChange(state);
      next();
      return id;
    },
    stop,
    list: () => [...jobs.values()].map(({ state }) => state),
    async cancelAll() {
      for (const { state } of jobs.values()) stop(state.id, false);
      await running;
    },
    async idle() {
      while (running !== null) await running;
    },
  };
}
