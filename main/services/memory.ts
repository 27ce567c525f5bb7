import { EigenscopeError } from '../../workers/model/errors.ts';
import type { Estimate } from '../../workers/specs/algorithm.ts';
import type { Platform } from '../platform.ts';

/** Part of the free memory that data and results may take when nobody said how much. */
const share = 0.75;
/** The least that can be asked for: below it not even the steps of a pass fit. */
export const leastMemory = 64 * 1024;

/** How much memory data and results may take together; the program itself comes on top (about 200 MiB). */
export interface Memory {
  /** what the user allows, bytes; null = a share of what is free */
  readonly limit: number | null;
  /** bytes that can still be taken while `held` are held by data and results */
  room(held: number): number;
}

/** @param limit what the user allows, null when nothing was said */
export function createMemory(platform: Pick<Platform, 'freeMemory'>, limit: () => number | null): Memory {
  return {
    get limit() {
      return limit();
    },
    room(held) {
      const most = limit();
      const free = share * platform.freeMemory();
      return most === null ? free : Math.max(0, Math.min(most - held, free));
    },
  };
}

const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/**
 * Bytes of a size as people write it: 500M, 2G, 1.5GiB, 800000.
 * @throws EigenscopeError `bad-request` naming where it stood
 */
export function parseMemory(where: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  const bytes = match === null ? NaN : Math.floor(Number(match[1]) * units[match[2]!.toUpperCase()]!);
  if (bytes >= leastMemory && Number.isSafeInteger(bytes)) return bytes;
  throw new EigenscopeError('bad-request', `${where} takes a size from 64K, such as 500M or 2G; got “${text}”.`);
}

/** A size for a sentence: whole MiB, of small ones whole KiB. */
export const sizeText = (bytes: number): string =>
  bytes >= 2 ** 20 || bytes === 0 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${Math.ceil(bytes / 1024)} KiB`;

/** How a run gets into memory: where its data and its arrays of the size of the data are. */
export interface Admission {
  data: 'memory' | 'file';
  rows: 'memory' | 'file';
}

/**
 * Finds the fastest way in which a run fits, or null when there is none.
 * @param room for data and results of this run together
 * @param dataBytes all of the data, also when they are in memory already
 */
export function admit(room: number, dataBytes: number, estimate: Estimate): Admission | null {
  const { bytes, fileBytes = 0 } = estimate;
  if (dataBytes + bytes <= room) return { data: 'memory', rows: 'memory' };
  if (fileBytes > 0 && dataBytes + bytes - fileBytes <= room) return { data: 'memory', rows: 'file' };
  if (bytes <= room) return { data: 'file', rows: 'memory' };
  if (fileBytes > 0 && bytes - fileBytes <= room) return { data: 'file', rows: 'file' };
  return null;
}

/** The refusal of a run that fits in no way. */
export function doesNotFit(what: string, estimate: Estimate, room: number, memory: Memory): EigenscopeError {
  const bytes = estimate.bytes - (estimate.fileBytes ?? 0);
  const needed = memory.limit === null ? `${Math.ceil(bytes / 2 ** 20)} MiB` : sizeText(bytes);
  const floor = `${Math.floor(room / 2 ** 20)} MiB`;
  const there = memory.limit === null ? `${floor} are free` : `${room < 2 ** 20 ? sizeText(room) : floor} are allowed`;
  const help =
    memory.limit === null
      ? 'Ask for fewer components (output_dimension), or crop or bin the data.'
      : 'Allow more (--memory, or Memory in the settings), ask for fewer components (output_dimension), or crop or bin the data.';
  return new EigenscopeError(
    'out-of-memory',
    `${what} needs about ${needed} and ${there}. The data can stay on disk, but not this. ${help}`,
    { bytes, room },
  );
}
