import { EigenscopeError } from '../../model/errors.ts';
import { corrupt } from '../file-bytes.ts';
import type { Dialect } from './dialect.ts';
import { fieldValue } from './dialect.ts';
import type { TextBytes } from './text-bytes.ts';

const pieceBytes = 2 ** 20;
/** No line of numbers is longer than this. */
const longestLine = 256 * 2 ** 20;
/** 10⁰ … 10²²: exactly representable, so that one division or multiplication rounds correctly (Clinger, PLDI 1990). */
const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const exact = 2 ** 53;

/** Lines of words among the numbers (footers, comments): a few are passed over. */
const mostWords = 1000;

export interface RowsRead {
  rows: number;
  /** lines without a number that were passed over */
  words: number;
  /** the last line was cut off and is left out */
  cut: boolean;
}

/**
 * Reads lines of numbers and hands each to `onRow` (the array is used again for the next one; missing values are NaN).
 * @param limit only the first so many fields of every line are read; the others are not looked at
 * @param step is told the characters read; throws to stop
 * @throws EigenscopeError `corrupt-file` for a line with another number of fields or with words among its numbers
 */
export function readRows(
  text: TextBytes,
  dialect: Dialect,
  path: string,
  onRow: (values: Float64Array, row: number) => void,
  limit: number = dialect.columns,
  step: (characters: number) => void = () => {},
): RowsRead {
  const { delimiter, newline, columns, decimalComma, labelled } = dialect;
  const blanks = delimiter === 32;
  const point = decimalComma ? 44 : 46;
  const partly = limit < columns;
  const values = new Float64Array(columns + 1);
  let buffer = Buffer.allocUnsafe(Math.min(pieceBytes, text.size - dialect.start) + 1);
  let filled = 0;
  let position = dialect.start;
  let row = 0;
  let line = 0;
  let words = 0;
  let cut = false;

  const refuse = (found: string, expected: string): never => {
    throw corrupt(path, `line ${line} of its numbers ${found}`, expected);
  };

  const longNumber = (from: number, to: number): number => {
    const word = buffer.toString('latin1', from, to);
    return Number(decimalComma ? word.replace(',', '.') : word);
  };

  /** A field that is no plain number: missing, infinite, or too long for the fast way; undefined when it is a word. */
  const slowField = (from: number, to: number): number | undefined => {
    const word = buffer.toString('latin1', from, to).replaceAll('"', '').replaceAll('\r', '');
    return fieldValue(word, decimalComma) ?? undefined;
  };

  while (position < text.size || filled > 0) {
    const room = Math.min(buffer.length - 1 - filled, text.size - position);
    text.readInto(buffer.subarray(filled, filled + room), position);
    position += room;
    filled += room;
    step(room);
    const last = position >= text.size;
    let end = buffer.subarray(0, filled).lastIndexOf(newline) + 1;
    if (last && end < filled) {
      // the file ends without the end of a line
      buffer[filled++] = newline;
      end = filled;
    }
    if (end === 0) {
      if (buffer.length > longestLine) {
        throw new EigenscopeError('unsupported-format', `A line of ${path} is longer than ${longestLine} characters.`, {
          path,
        });
      }
      const larger = Buffer.allocUnsafe(2 * buffer.length);
      larger.set(buffer.subarray(0, filled));
      buffer = larger;
      continue;
    }

    for (let i = 0; i < end;) {
      line++;
      let n = 0;
      let bad = 0;
      let empty = 0;
      let badWord = '';
      let trailing = false;
      let passed = false;
      const mark = buffer[i]!;
      if (mark === 35 || mark === 37 || mark === 33 || (mark === 59 && delimiter !== 59)) {
        // a comment between the numbers
        i = buffer.indexOf(newline, i) + 1;
        continue;
      }
      if (labelled) {
        for (let quoted = false; buffer[i] !== newline && (quoted || buffer[i] !== delimiter); i++) {
          if (buffer[i] === 34) quoted = !quoted;
        }
        if (buffer[i] === delimiter) i++;
      }
      for (;;) {
        let c = buffer[i]!;
        while (c !== newline && (c === 32 || c === 34 || c === 13 || (blanks && c === 9))) c = buffer[++i]!;
        if (c === newline) {
          if (!blanks && n > 0) trailing = true;
          break;
        }
        let value = NaN;
        if (!blanks && c === delimiter) empty++;
        else {
          const from = i;
          const negative = c === 45;
          if (negative || c === 43) c = buffer[++i]!;
          let mantissa = 0;
          let digits = 0;
          let scale = 0;
          let d = c - 48;
          while (d >= 0 && d <= 9) {
            mantissa = mantissa * 10 + d;
            digits++;
            d = buffer[++i]! - 48;
          }
          if (d + 48 === point) {
            const after = ++i;
            d = buffer[i]! - 48;
            while (d >= 0 && d <= 9) {
              mantissa = mantissa * 10 + d;
              digits++;
              d = buffer[++i]! - 48;
            }
            scale = after - i;
          }
          c = d + 48;
          if ((c === 101 || c === 69) && digits > 0) {
            c = buffer[++i]!;
            const down = c === 45;
            if (down || c === 43) c = buffer[++i]!;
            let power = 0;
            let seen = false;
            d = c - 48;
            while (d >= 0 && d <= 9) {
              if (power < 10_000) power = power * 10 + d;
              seen = true;
              d = buffer[++i]! - 48;
            }
            c = d + 48;
            if (!seen) digits = 0;
            scale += down ? -power : power;
          }
          const number = i;
          while (c !== newline && (c === 32 || c === 34 || c === 13) && !blanks) c = buffer[++i]!;
          const ended = c === newline || (blanks ? c === 32 || c === 9 || c === 13 || c === 34 : c === delimiter);
          if (ended && digits > 0 && mantissa <= exact && scale >= -22 && scale <= 22) {
            value = scale < 0 ? mantissa / powers[-scale]! : mantissa * powers[scale]!;
            if (negative) value = -value;
          } else {
            if (!ended) {
              while (c !== newline && (blanks ? c !== 32 && c !== 9 : c !== delimiter)) c = buffer[++i]!;
            }
            // more digits than are exact, or a large power of ten: the long way for a number, which it surely is
            const sure = ended && digits > 0;
            const slow = sure ? longNumber(from, number) : slowField(from, ended ? number : i);
            if (slow === undefined) {
              if (bad++ === 0) badWord = buffer.toString('latin1', from, Math.min(i, from + 24));
            } else value = slow;
          }
        }
        if (n <= columns) values[n] = value;
        n++;
        if (partly && n >= limit) {
          const lineEnd = buffer.indexOf(newline, i);
          // the last line is looked at whole: it may be cut
          if (!last || lineEnd + 1 < end) {
            i = lineEnd;
            passed = true;
            break;
          }
        }
        if (!blanks) {
          if (c === newline) break;
          i++;
        }
      }
      i++;
      if (bad + empty >= n) {
        // nothing, words only, or nothing between delimiters
        if (n > 0 && bad > 0 && ++words > mostWords) refuse(`has “${badWord}”`, 'numbers were expected');
        continue;
      }
      if (bad > 0) {
        // a line of words with a number in it, before or after the table
        if (bad * 2 > n && ++words <= mostWords) continue;
        refuse(`has “${badWord}” among ${n} fields`, 'numbers were expected');
      }
      if (!passed && n !== columns) {
        if (n === columns - 1 && trailing) values[n] = NaN;
        else if (n < columns && last && i >= end) {
          cut = true;
          continue;
        } else refuse(`has ${n} fields`, `${columns} were expected`);
      }
      onRow(values, row++);
    }
    buffer.copyWithin(0, end, filled);
    filled -= end;
    if (last) break;
  }
  return { rows: row, words, cut };
}
