import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, SignalHeader } from '../../model/signal.ts';
import { corrupt, latin1 } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { readLogLines, timeAxis } from '../table/log-text.ts';

const secondsOf = (text: string): number => {
  const match = /^(\d{1,2}):(\d{2}):(\d{2}(?:[.,]\d+)?)$/.exec(text.trim());
  return match ? 3600 * Number(match[1]) + 60 * Number(match[2]) + Number(match[3]!.replace(',', '.')) : NaN;
};

interface DensLog {
  about: Metadata;
  date: string | null;
  time: string | null;
  columns: string[];
  rows: string[][];
}

const columnLine = /^sample\s*\ttime\s*\t/i;

/** Lines before the table: `R0 = 282.7	a =  0.0`, the date and the program's name. */
function parseAbout(lines: readonly string[]): Pick<DensLog, 'about' | 'date' | 'time'> {
  const about: Metadata = {};
  let date: string | null = null;
  let time: string | null = null;
  for (const line of lines) {
    for (const part of line.split('\t')) {
      const stamp = /^(\d{1,2})\/(\d{1,2})\/'?(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?/.exec(part.trim());
      const pair = /^([^=]+)=\s*(.*)$/.exec(part);
      if (stamp) {
        const [, day = '', month = '', year = '', hour = '', minute = '', second = '00'] = stamp;
        date = `${year.length === 2 ? '20' : ''}${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
        time = `${hour.padStart(2, '0')}:${minute}:${second}`;
      } else if (pair) {
        const [, key = '', value = ''] = pair;
        const number = Number(value);
        about[key.trim()] = value.trim() === '' || !Number.isFinite(number) ? value.trim() : number;
      } else if (part.trim() !== '') about['version'] = part.trim();
    }
  }
  if (date !== null) Object.assign(about, { date, time });
  return { about, date, time };
}

function parseDens(lines: readonly string[], path: string): DensLog {
  const at = lines.findIndex((line) => columnLine.test(line));
  if (at < 0 || at > 200) {
    throw corrupt(path, 'there is no line “sample, time, Tset …”', 'the columns of a heater log are named so');
  }
  const columns = lines[at]!.split('\t').map((name) => name.trim());
  const rows = lines
    .slice(at + 1)
    .map((line) => line.split('\t').map((word) => word.trim()))
    .filter((row) => row.length >= 3 && row[0] !== '');
  return { ...parseAbout(lines.slice(0, at)), columns, rows };
}

function measuredColumn(log: DensLog, name: string, hints: ReadHints): number {
  const wanted = hints.dataset;
  const found =
    wanted === undefined
      ? log.columns.findIndex((column) => /^Tmeas/i.test(column))
      : log.columns.findIndex((column) => column === wanted || column.replace(/\s*\[.*/, '') === wanted);
  if (found >= 0) return found;
  throw new EigenscopeError(
    'not-found',
    `${name} has no column “${wanted ?? 'Tmeas'}”; it has ${log.columns.slice(2, 14).join(', ')}.`,
    { path: name },
  );
}

const quantities: Readonly<Record<string, string>> = {
  T: 'Temperature',
  R: 'Resistance',
  V: 'Voltage',
  I: 'Current',
  P: 'Power',
};
const unitNames: Readonly<Record<string, string>> = { C: 'Celsius', ohm: 'Ω' };

function readHeader(path: string, hints: ReadHints): FileHeader {
  const { name, lines } = readLogLines(path, 'a heater log');
  const log = parseDens(lines, path);
  const column = measuredColumn(log, name, hints);
  const times: number[] = [];
  const values: number[] = [];
  let days = 0;
  let left = 0;
  for (const row of log.rows) {
    const time = secondsOf(row[1] ?? '');
    const word = (row[column] ?? '').replace(',', '.');
    const value = word === '' ? NaN : Number(word);
    if (Number.isNaN(time) || (Number.isNaN(value) && !/^nan$/i.test(word))) {
      left++;
      continue;
    }
    // a log that runs past midnight goes on counting
    if (times.length > 0 && time + 86_400 * days < times.at(-1)! - 43_200) days++;
    times.push(time + 86_400 * days);
    values.push(value);
  }
  if (values.length === 0)
    throw corrupt(path, 'no line with a time and a value follows the names', 'a log was expected');
  const warnings = left > 0 ? [`${left} lines of ${name} hold no time and value and are left out.`] : [];
  const span = times.length > 1 ? (times.at(-1)! - times[0]!) / (times.length - 1) : 1;
  const label = log.columns[column]!;
  const units = /\[(.*)\]/.exec(label)?.[1] ?? null;
  const quantity = { name: quantities[label[0]!] ?? label, units: units === null ? null : (unitNames[units] ?? units) };
  const isTemperature = /^Tmeas/i.test(label);
  const numbers = Float64Array.from(values);
  const signal: SignalHeader = {
    title: isTemperature ? '' : label,
    signalType: '',
    shape: [values.length],
    dtype: 'float64',
    axes: calibrateByHints(name, [timeAxis(times, span, warnings)], hints),
    quantity,
    metadata: {
      General: {
        title: isTemperature ? '' : label,
        original_filename: name,
        ...(log.date === null ? {} : { date: log.date, time: log.time }),
      },
      Signal: { signal_type: '', quantity: `${quantity.name}${quantity.units === null ? '' : ` (${quantity.units})`}` },
    },
    originalMetadata: { DENS_header: log.about, columns: log.columns },
    layout: { kind: 'bytes', bytes: new Uint8Array(numbers.buffer) },
    warnings,
  };
  return { format: 'dens', signals: [signal] };
}

/** Logs of DENSsolutions heaters: text with tabs; the measured temperature over time, or the column asked for. */
export const densReader: Reader = {
  id: 'dens',
  title: 'DENSsolutions heater log',
  extensions: ['dens'],
  probe(head, path) {
    const text = latin1(head);
    const columns = /^sample\s*\ttime\s*\tTset/im.test(text);
    return columns ? 0.95 : /Digiheater/.test(text) && /\.dens$/i.test(path) ? 0.6 : 0;
  },
  header: async (path, hints) => readHeader(path, hints),
};
