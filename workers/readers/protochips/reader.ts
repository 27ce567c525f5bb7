import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, SignalHeader } from '../../model/signal.ts';
import { corrupt, latin1 } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { columnBytes, readLogLines, timeAxis } from '../table/log-text.ts';

const firstLine = /^\ufeff?\s*Time\s*,\s*Notes\s*,/i;

interface ProtochipsLog {
  columns: string[];
  /** the notes before the measurement: date, units, user */
  notes: Map<string, string>;
  /** notes made during the measurement, with the time of their line */
  events: { time: string; note: string }[];
  rows: string[][];
}

/** The first lines carry pairs `name = value` in the column of notes; the measurement begins after them. */
export function parseProtochips(lines: readonly string[], path: string): ProtochipsLog {
  const columns = (lines[0] ?? '')
    .replace(/^\ufeff/, '')
    .split(',')
    .map((name) => name.trim());
  const notes = new Map<string, string>();
  const events: { time: string; note: string }[] = [];
  const rows: string[][] = [];
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line.trim() === '') continue;
    const words = line.split(',').map((word) => word.trim());
    // a note may hold commas itself: the columns are counted from the end
    const extra = words.length - columns.length;
    if (extra > 0) words.splice(1, extra + 1, words.slice(1, extra + 2).join(', '));
    const note = words[1] ?? '';
    const pair = /^([^=]+?)\s*=\s*(.*)$/.exec(note);
    if (rows.length === 0 && pair) {
      notes.set(pair[1]!, pair[2]!);
      continue;
    }
    if (words.length < columns.length) {
      // the last line of an interrupted log may be cut
      if (lines.slice(i + 1).every((rest) => rest.trim() === '')) continue;
      throw corrupt(path, `line ${i + 1} has ${words.length} columns`, `${columns.length} are named in the first line`);
    }
    if (note !== '') events.push({ time: words[0]!, note });
    rows.push(words);
  }
  return { columns, notes, events, rows };
}

const noteOf = (log: ProtochipsLog, start: string): string | null => {
  for (const [key, value] of log.notes) if (key.toLowerCase().startsWith(start)) return value;
  return null;
};

const timeUnits: Readonly<Record<string, number>> = { milliseconds: 1e-3, seconds: 1, minutes: 60, microseconds: 1e-6 };

/** The step that is met most often: logs miss a beat now and then. */
function medianStep(times: readonly number[]): number {
  const steps = times.slice(1).map((t, i) => t - times[i]!);
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 1;
}

function dateOf(log: ProtochipsLog): Metadata {
  const date = /^(\d{4})[.\-/](\d{1,2})[.\-/](\d{1,2})$/.exec(noteOf(log, 'date') ?? '');
  const time = /^(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/.exec(noteOf(log, 'time (') ?? '');
  return {
    ...(date ? { date: `${date[1]}-${date[2]!.padStart(2, '0')}-${date[3]!.padStart(2, '0')}` } : {}),
    ...(time
      ? { time: `${time[1]!.padStart(2, '0')}:${time[2]}:${time[3]}${time[4] ? `.${time[4].padEnd(6, '0')}` : ''}` }
      : {}),
  };
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  const { name, lines } = readLogLines(path, 'a log');
  if (!firstLine.test(lines[0] ?? '')) {
    throw corrupt(path, 'its first line does not begin with “Time, Notes”', 'a Protochips log does');
  }
  const log = parseProtochips(lines, path);
  if (log.rows.length === 0) throw corrupt(path, 'no measured line follows the notes', 'a log was expected');
  const warnings: string[] = [];
  const unit = (noteOf(log, 'time units') ?? '').toLowerCase();
  const factor = timeUnits[unit] ?? 1e-3;
  if (timeUnits[unit] === undefined)
    warnings.push('The log does not tell the unit of its times; milliseconds are assumed.');
  const ticks = log.rows.map((row) => Number(row[0]));
  const bad = ticks.findIndex((t) => !Number.isFinite(t));
  if (bad >= 0) throw corrupt(path, `“${log.rows[bad]![0]!.slice(0, 24)}” stands for a time`, 'a number was expected');
  // 100 ms are 0.1 s to the last digit when divided, not when multiplied
  const seconds = (t: number): number => (factor === 1e-3 ? t / 1000 : t * factor);
  const step = seconds(medianStep(ticks)) || 1;
  const { values: logged, ...axis } = timeAxis(ticks.map(seconds), step, []);
  if (logged !== undefined) {
    warnings.push(
      `The times of the log are not evenly spaced; the axis counts its usual step of ${step} s. The times themselves are in the original metadata.`,
    );
  }
  const original: Metadata = {
    notes: Object.fromEntries(log.notes),
    ...(logged === undefined ? {} : { times: logged.slice(0, 100_000) }),
    events: log.events.slice(0, 10_000).map(({ time, note }) => ({ time, note })),
  };
  const wanted = log.columns
    .map((column, index) => ({ column, index }))
    .slice(2)
    .filter(({ column }) => column !== '' && (hints.dataset === undefined || column === hints.dataset));
  if (wanted.length === 0) {
    throw new EigenscopeError(
      'not-found',
      `${name} has no column “${hints.dataset ?? 'of values'}”; it has ${log.columns.slice(2, 14).join(', ')}.`,
      { path },
    );
  }
  const signals = wanted.map(({ column, index }): SignalHeader => {
    const quantity = column.split(' ').at(-1)!;
    const units = noteOf(log, `${quantity.toLowerCase()} units`);
    const title = units === null ? column : `${column} (${units})`;
    const words = log.rows.map((row) => row[index]!);
    const wrong = words.find((word) => word !== '' && Number.isNaN(Number(word)) && !/^nan$/i.test(word));
    if (wrong !== undefined) {
      throw corrupt(path, `“${wrong.slice(0, 24)}” stands in the column “${column}”`, 'a number was expected');
    }
    const { dtype, bytes } = columnBytes(words);
    return {
      title,
      signalType: '',
      shape: [words.length],
      dtype,
      axes: calibrateByHints(name, [axis], hints),
      quantity: { name: quantity, units },
      metadata: {
        General: { title, original_filename: name, ...dateOf(log) },
        Signal: { signal_type: '', quantity: units === null ? quantity : `${quantity} (${units})` },
      },
      originalMetadata: original,
      layout: { kind: 'bytes', bytes },
      warnings,
    };
  });
  return { format: 'protochips', signals };
}

/** Logs of Protochips holders: every column of values over time. */
export const protochipsReader: Reader = {
  id: 'protochips',
  title: 'Protochips log',
  extensions: [],
  probe: (head) => (firstLine.test(latin1(head.subarray(0, 256)).replace(/^\u00ef\u00bb\u00bf/, '')) ? 0.95 : 0),
  header: async (path, hints) => readHeader(path, hints),
};
