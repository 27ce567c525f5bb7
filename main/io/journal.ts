import { crc32 } from 'node:zlib';

/* One change a line: checksum, space, JSON. A torn or damaged line ends what can be trusted. */

const lineOf = (text: string): string => `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`;

/** The line to append for one entry. */
export const journalLine = (entry: unknown): string => lineOf(JSON.stringify(entry));

/**
 * The entries of a journal up to the first line that is torn or damaged.
 * @returns the entries and how many lines were left out.
 */
export function readJournal(text: string): { entries: unknown[]; lost: number } {
  const lines = text.split('\n');
  const entries: unknown[] = [];
  for (const [i, line] of lines.entries()) {
    if (line === '' && i === lines.length - 1) break;
    const json = line.slice(9);
    // The last line counts only with its line break: without it the write was cut off.
    if (i === lines.length - 1 || `${line}\n` !== lineOf(json))
      return { entries, lost: lines.filter(Boolean).length - i };
    try {
      entries.push(JSON.parse(json));
    } catch {
      return { entries, lost: lines.filter(Boolean).length - i };
    }
  }
  return { entries, lost: 0 };
}
