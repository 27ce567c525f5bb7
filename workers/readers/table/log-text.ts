import { EigenscopeError } from '../../model/errors.ts';
import { decodeText, withFile } from '../file-bytes.ts';

/** A log is read as a whole; more than this is something else. */
const longestLog = 256 * 2 ** 20;

/**
 * All lines of a text file without their ends; UTF-8, else Latin-1.
 * @throws EigenscopeError `unsupported-format` when it is longer than any log
 */
export function readLogLines(path: string, what: string): { name: string; lines: string[] } {
  return withFile(path, (file) => {
    if (file.size > longestLog) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} has ${file.size} bytes; ${what} has far fewer. Cut it into parts or save its columns as .npy.`,
        { path },
      );
    }
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    return {
      name: file.name,
      lines: decodeText(bytes)
        .replace(/^\ufeff/, '')
        .split(/\r\n|\n|\r/),
    };
  });
}

/** An axis of times as they were logged: uniform when they are (to a hundredth of a step), else with every value listed. */
export function timeAxis(times: readonly number[], scale: number, warnings: string[]) {
  const offset = times[0] ?? 0;
  const usable = Number.isFinite(scale) && scale !== 0 ? scale : 1;
  const even = times.every((t, i) => Math.abs(t - offset - i * usable) <= 0.01 * Math.abs(usable));
  if (!even) warnings.push('The times of the log are not evenly spaced: the axis lists them.');
  return {
    name: 'Time',
    units: 's',
    size: times.length,
    navigate: false,
    scale: usable,
    offset,
    ...(even ? {} : { values: [...times] }),
  };
}

/** Numbers as they are kept in a signal: 64-bit integers when all are written so, else float64. */
export function columnBytes(words: readonly string[]): { dtype: 'int64' | 'float64'; bytes: Uint8Array } {
  const whole = words.every((word) => /^[+-]?\d{1,18}$/.test(word));
  const values = whole
    ? BigInt64Array.from(words, (word) => BigInt(word.replace(/^\+/, '')))
    : Float64Array.from(words, (word) => (word === '' ? NaN : Number(word)));
  return { dtype: whole ? 'int64' : 'float64', bytes: new Uint8Array(values.buffer) };
}
