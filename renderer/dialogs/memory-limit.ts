/*
 * The memory ceiling as people type it: a number and MB or GB; nothing = automatic.
 *   readLimit(text, unit)   { bytes } or { problem }
 *   limitParts(bytes)       the number and unit that stand in the field
 */
import { parseNumber } from './parse-number.ts';

export type MemoryUnit = 'MB' | 'GB';
export const unitBytes: Readonly<Record<MemoryUnit, number>> = { MB: 1e6, GB: 1e9 };

/** Below it not even small data fit; above it is a slip of the keys. */
export const limitRange = { least: 64e6, most: 1e15 } as const;

/** @returns bytes, null = a share of what is free; or what is wrong with the text */
export function readLimit(text: string, unit: MemoryUnit): { bytes: number | null } | { problem: string } {
  if (text.trim() === '') return { bytes: null };
  const value = parseNumber(text);
  if (value === null) return { problem: `Memory must be a number such as 2 or 1.5, or empty; got “${text.trim()}”.` };
  const bytes = Math.round(value * unitBytes[unit]);
  if (bytes < limitRange.least) return { problem: `At least 64 MB are needed; got ${text.trim()} ${unit}.` };
  if (bytes > limitRange.most) return { problem: `At most 1 000 000 GB can be given; got ${text.trim()} ${unit}.` };
  return { bytes };
}

/** Whole and half GB are GB, the rest MB. */
export function limitParts(bytes: number | null): { text: string; unit: MemoryUnit } {
  if (bytes === null) return { text: '', unit: 'GB' };
  const unit: MemoryUnit = bytes >= 1e9 && (bytes / 1e8) % 1 === 0 ? 'GB' : 'MB';
  return { text: String(bytes / unitBytes[unit]), unit };
}
