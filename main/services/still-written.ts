import { basename } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { isSameStamp, stampOf } from './file-stamp.ts';

/** Between the two looks at a file that may be growing. */
const pauseMs = 300;
/** A file that was left alone for this long is not being written. */
const freshMs = 60_000;

export interface Freshness {
  /** it became another one between two looks */
  isGrowing: boolean;
  /** since its last change, ms; large when nothing is there */
  ageMs: number;
}

/** Looks twice at a file that was changed in the last minute; an older one is not waited for. */
export async function freshnessOf(path: string, now: () => number = Date.now): Promise<Freshness> {
  const first = await stampOf(path);
  if (first === null) return { isGrowing: false, ageMs: Infinity };
  // clocks of network drives may be ahead of ours
  const ageMs = Math.abs(now() - first.mtimeMs);
  if (ageMs > freshMs) return { isGrowing: false, ageMs };
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const second = await stampOf(path);
  return { isGrowing: second === null || !isSameStamp(first, second), ageMs };
}

/** What a file that is not whole yet is refused with. */
const unfinishedCodes: readonly string[] = ['truncated-file', 'corrupt-file', 'file-changed'];

/**
 * The refusal of a file, with a word on its being written at this moment where that is why: it grows, or it is too short
 * and was changed within the last minute.
 */
export async function explainUnfinished(path: string, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof EigenscopeError) || !unfinishedCodes.includes(thrown.code)) return thrown;
  const { isGrowing, ageMs } = await freshnessOf(path);
  if (!isGrowing && !(thrown.code === 'truncated-file' && ageMs <= freshMs)) return thrown;
  return new EigenscopeError(
    thrown.code,
    `${basename(path)} is still being written${isGrowing ? '' : ` (it was changed ${Math.round(ageMs / 1000)} s ago)`}: wait until it is complete, and open it again. ${thrown.message}`,
    { ...thrown.details, stillWritten: true },
    thrown,
  );
}
