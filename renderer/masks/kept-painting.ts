/*
 * A painting as the project's layout keeps it while it is no mask yet: runs of pixels, never the pixels.
 *   packRuns(runs), unpackRuns(text, samples)
 *   packPainting(dataset, painting), parsePainting(kept, samplesOf)
 * What is kept is written by any version and may be damaged: whatever does not fit its data is no painting.
 */
import type { Metadata } from '../../workers/model/signal.ts';
import { runsOf } from '../clusters/pixel-sets.ts';
import { nothingPainted, type PaintHistory, type PaintStep } from './paint-history.ts';

/** Ends of runs of pixels that one call takes. */
export const mostEnds = 2 ** 18;

export type PaintTool = 'brush' | 'rectangle' | 'lasso';

export interface KeptPainting {
  dataset: string;
  tool: PaintTool;
  radius: number;
  isErasing: boolean;
  keeps: boolean;
  name: string | null;
  from: string | null;
  history: PaintHistory;
  /** what it began with */
  begun: Uint8Array;
}

/** Differences from end to end in base 36, which are short where runs lie close together. */
export function packRuns(runs: readonly number[]): string {
  return runs.map((end, i) => (end - (runs[i - 1] ?? 0)).toString(36)).join(' ');
}

/** @returns first and end (exclusive) by turns, rising, or null when the text is none of `samples` pixels */
export function unpackRuns(text: unknown, samples: number): number[] | null {
  if (typeof text !== 'string') return null;
  if (text === '') return [];
  const runs: number[] = [];
  let at = 0;
  for (const part of text.split(' ')) {
    const step = /^[0-9a-z]{1,10}$/.test(part) ? parseInt(part, 36) : Number.NaN;
    at += step;
    if (!(step > 0 || (step === 0 && runs.length === 0)) || at > samples) return null;
    runs.push(at);
  }
  return runs.length % 2 === 0 ? runs : null;
}

function setOf(runs: readonly number[], samples: number): Uint8Array {
  const set = new Uint8Array(samples);
  for (let i = 0; i + 1 < runs.length; i += 2) set.fill(1, runs[i], runs[i + 1]);
  return set;
}

/** Characters of the steps that undo takes back; the oldest are forgotten. */
const mostOfSteps = 6000;

function packSteps(done: readonly PaintStep[]): [string, string][] {
  const packed: [string, string][] = [];
  let length = 0;
  for (const { what, changed } of done.toReversed()) {
    const runs = packRuns(changed);
    length += what.length + runs.length;
    if (length > mostOfSteps) break;
    packed.unshift([what, runs]);
  }
  return packed;
}

/** @returns null when the pixels lie in more pieces than a mask may have */
export function packPainting(dataset: string, kept: Omit<KeptPainting, 'dataset'>): Metadata | null {
  const { history, begun, tool, radius, isErasing, keeps, name, from } = kept;
  const runs = runsOf(history.set);
  if (runs.length > mostEnds) return null;
  return {
    dataset,
    set: packRuns(runs),
    // enough to know whether there is something to lose
    touched: history.set.some((v, p) => v !== begun[p]),
    steps: packSteps(history.done),
    tool,
    radius,
    erases: isErasing,
    keeps,
    name,
    from,
  };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * What `packPainting` gave.
 * @param samplesOf pixels of a data set; null: it is not there any more
 */
export function parsePainting(kept: unknown, samplesOf: (dataset: string) => number | null): KeptPainting | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { dataset, set: packed, touched, steps, tool, radius, ...rest } = kept as Record<string, unknown>;
  const samples = typeof dataset === 'string' ? samplesOf(dataset) : null;
  if (samples === null || typeof dataset !== 'string') return null;
  const runs = unpackRuns(packed, samples);
  if (runs === null) return null;
  const set = setOf(runs, samples);
  const done: PaintStep[] = [];
  for (const step of Array.isArray(steps) ? (steps as unknown[]) : []) {
    const [what, text] = Array.isArray(step) ? (step as unknown[]) : [];
    const changed = unpackRuns(text, samples);
    // one that cannot be taken back ends the way back
    if (typeof what !== 'string' || changed === null || changed.length === 0) done.length = 0;
    else done.push({ what, changed });
  }
  return {
    dataset,
    tool: tool === 'rectangle' || tool === 'lasso' ? tool : 'brush',
    radius: typeof radius === 'number' && Number.isFinite(radius) ? Math.min(4096, Math.max(0, Math.round(radius))) : 3,
    isErasing: rest['erases'] === true,
    keeps: rest['keeps'] === true,
    name: textOrNull(rest['name']),
    from: textOrNull(rest['from']),
    history: { ...nothingPainted(0), set, done },
    begun: touched === false ? set : new Uint8Array(samples),
  };
}
