/** How the numbers of a table are written. */
export interface Dialect {
  /** code of the character between fields; 32 stands for any run of blanks and tabs */
  delimiter: number;
  decimalComma: boolean;
  /** fields of a line of numbers */
  columns: number;
  /** code of the character that ends a line */
  newline: number;
  /** character at which the first line of numbers begins */
  start: number;
  /** the line of names before it as characters [from, to), or null */
  names: readonly [from: number, to: number] | null;
  /** every line begins with a word, such as the name of a sample, that is no column */
  labelled?: true;
}

interface Line {
  from: number;
  to: number;
}

const delimiters = ['\t', ';', ',', '|', ' '];
const missing = /^(?:|-+|nan|n\/?a|#n\/a|null|none)$/i;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;
const infinite = /^[+-]?inf(?:inity)?$/i;

/** The value of a field: NaN when it is marked as missing, null when it is neither. */
export function fieldValue(field: string, decimalComma: boolean): number | null {
  const word = field.trim();
  const plain = decimalComma ? word.replace(',', '.') : word;
  if (number.test(plain)) return Number(plain.replace(/[dD]/, 'e'));
  if (infinite.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  return missing.test(word) ? NaN : null;
}

/** Fields of a line; quotes around a field are taken away, delimiters inside them do not count. */
export function splitFields(line: string, delimiter: string): string[] {
  if (delimiter === ' ' && !line.includes('"')) return line.trim().split(/[ \t]+/);
  if (!line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '"') {
      if (quoted && line[i + 1] === '"') field += line[++i]!;
      else quoted = !quoted;
    } else if (!quoted && (c === delimiter || (delimiter === ' ' && c === '\t'))) {
      if (delimiter !== ' ' || field !== '') fields.push(field);
      field = '';
    } else field += c;
  }
  if (delimiter !== ' ' || field !== '') fields.push(field);
  return fields;
}

/** Where the first field of a line ends, with the delimiter; 0 when it is the only one. */
function afterFirstField(line: string, delimiter: string): number {
  const at = line.indexOf(delimiter, line.startsWith('"') ? line.indexOf('"', 1) + 1 : 0);
  return at + 1;
}

/** Number of fields when all of them are numbers (some may be missing), else 0. */
function countNumbers(line: string, delimiter: string, decimalComma: boolean): number {
  if (line.trim() === '') return 0;
  const fields = splitFields(line, delimiter);
  if (fields.length > 1 && fields.at(-1)!.trim() === '') fields.pop();
  let real = 0;
  for (const field of fields) {
    const value = fieldValue(field, decimalComma);
    if (value === null) return 0;
    if (!Number.isNaN(value)) real++;
  }
  return real > 0 ? fields.length : 0;
}

function linesOf(text: string, newline: string, complete: boolean): Line[] {
  const lines: Line[] = [];
  for (let from = 0; from < text.length;) {
    const at = text.indexOf(newline, from);
    if (at < 0 && !complete) break;
    const to = at < 0 ? text.length : at;
    lines.push({ from, to });
    from = to + 1;
  }
  return lines;
}

const mostLines = 400;

/** The count that most lines share, and how many lines have it. */
function commonCount(counts: readonly number[]): { columns: number; lines: number } {
  const times = new Map<number, number>();
  for (const count of counts) if (count > 0) times.set(count, (times.get(count) ?? 0) + 1);
  let best = { columns: 0, lines: 0 };
  for (const [columns, lines] of times) {
    if (lines > best.lines || (lines === best.lines && columns > best.columns)) best = { columns, lines };
  }
  return best;
}

/** Control characters that no text has: the bytes are numbers or packed. */
export function isBinary(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 32 && (code < 9 || code > 13) && code !== 26 && code !== 27) || code === 127) return true;
  }
  return false;
}

/**
 * How a table is written, from its first lines (one character per byte).
 * @param complete the text is the whole file, so that its last line counts too
 * @returns null when there are not at least two lines of as many numbers each (or one of many)
 */
export function guessDialect(text: string, complete: boolean): Dialect | null {
  if (isBinary(text)) return null;
  const newline = text.includes('\n') ? '\n' : '\r';
  const lines = linesOf(text, newline, complete).slice(0, mostLines);
  return dialectOfLines(text, newline, lines) ?? labelledDialect(text, newline, lines);
}

/** How a table is written whose lines begin with words: as the same table without its first column. */
function labelledDialect(text: string, newline: string, lines: readonly Line[]): Dialect | null {
  for (const delimiter of delimiters) {
    if (delimiter === ' ') continue;
    const numbers = lines.map(({ from, to }) => ({
      from: from + afterFirstField(text.slice(from, to), delimiter),
      to,
    }));
    const found = dialectOfLines(text, newline, numbers);
    if (found?.delimiter !== delimiter.charCodeAt(0) || found.columns < 2) continue;
    const first = numbers.findIndex(({ from }) => from === found.start);
    return { ...found, start: lines[first]!.from, labelled: true };
  }
  return null;
}

function dialectOfLines(text: string, newline: string, lines: readonly Line[]): Dialect | null {
  let best: { dialect: Dialect; score: number } | null = null;
  for (const delimiter of delimiters) {
    for (const decimalComma of delimiter === ',' ? [false] : [false, true]) {
      const counts = lines.map(({ from, to }) => countNumbers(text.slice(from, to), delimiter, decimalComma));
      const { columns, lines: matching } = commonCount(counts);
      if (columns === 0 || (matching < 2 && columns < 4)) continue;
      const first = counts.indexOf(columns);
      const after = counts.slice(first).filter((_, i) => {
        const { from, to } = lines[first + i]!;
        return text.slice(from, to).trim() !== '';
      }).length;
      if (matching < 0.6 * after) continue;
      // as many lines of numbers as possible; then more than one column
      const score = matching * 2 + (columns > 1 ? 1 : 0);
      if (best !== null && score <= best.score) continue;
      const rowAt = (i: number): number[] => {
        const { from, to } = lines[i]!;
        return splitFields(text.slice(from, to), delimiter)
          .slice(0, columns)
          .map((field) => fieldValue(field, decimalComma) ?? NaN);
      };
      // a first line of numbers that names the columns
      const following = counts.flatMap((count, i) => (i > first && count === columns ? [i] : [])).slice(0, 4);
      const heads = following.length > 0 && isAxisRow(rowAt(first), following.map(rowAt));
      const { from, to } = lines[first]!;
      best = {
        score,
        dialect: {
          delimiter: delimiter.charCodeAt(0),
          decimalComma,
          columns,
          newline: newline.charCodeAt(0),
          start: heads ? lines[following[0]!]!.from : from,
          names: heads ? [from, to] : namesBefore(text, lines, first, delimiter, columns),
        },
      };
    }
  }
  return best?.dialect ?? null;
}

const isMonotonic = (values: readonly number[]): boolean => {
  const up = values[1]! > values[0]!;
  return values.every((value, i) => i === 0 || (up ? value > values[i - 1]! : value < values[i - 1]!));
};

/** Above the others a row that rises or falls all along, as they do not: the axis of the spectra below it. */
function isAxisRow(row: readonly number[], others: readonly (readonly number[])[]): boolean {
  const blank = row.findIndex((value) => !Number.isNaN(value));
  // nothing above the positions
  if (blank >= 1 && blank <= 3 && row.length - blank >= 2 && isMonotonic(row.slice(blank))) {
    return others.every((other) => !Number.isNaN(other[0]!));
  }
  if (row.length < 6 || row.length - 1 < 5) return false;
  const from = isMonotonic(row) ? 0 : 1;
  return isMonotonic(row.slice(from)) && !others.some((other) => isMonotonic(other.slice(1)));
}

/** The nearest line before the numbers that has as many fields (or one less: nothing above the first column). */
function namesBefore(
  text: string,
  lines: readonly Line[],
  first: number,
  delimiter: string,
  columns: number,
): readonly [number, number] | null {
  for (let i = first - 1; i >= Math.max(0, first - 5); i--) {
    const { from, to } = lines[i]!;
    const line = text.slice(from, to);
    if (line.trim() === '') continue;
    const fields = namesIn(line, delimiter, columns);
    if (fields !== null) return [from, to];
  }
  return null;
}

/** Names of the columns in a line, without the mark of a comment; null when there are not as many. */
export function namesIn(line: string, delimiter: string, columns: number): string[] | null {
  const bare = line
    .replace(/[\r\n]+$/, '')
    .replace(/^\s*(?:[#%;!]+|\/\/)(?! *$)/, (mark) => (delimiter === ';' && mark.trim() === ';' ? mark : ''));
  const fields = splitFields(bare, delimiter).map((field) => field.trim());
  const fits = (names: readonly string[]): boolean => names.length === columns;
  if (fits(fields)) return fields;
  if (fields.length > columns && fields.slice(columns).every((name) => name === '')) return fields.slice(0, columns);
  // some exports leave an empty column between the names
  const named = fields.map((field) => field.replace(/^#\s*/, '')).filter((field) => field !== '');
  if (fits(named) && columns > 1) return named;
  if (fields.length === columns - 1 && columns > 2) return ['', ...fields];
  if (fields.length === columns - 2 && columns > 4 && fields.every((f) => number.test(f))) return ['', '', ...fields];
  // names with blanks in them, in a table that is otherwise apart by blanks
  const apart = bare.trim().split(/\t+| {2,}/);
  return delimiter === ' ' && fits(apart) ? apart : null;
}
