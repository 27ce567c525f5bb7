import { parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { elementCount } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, PixelLayout } from '../../model/signal.ts';
import type { FileBytes } from '../file-bytes.ts';
import { latin1, withFile } from '../file-bytes.ts';
import { arrangeByHints, calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { Arrangement } from './arrange.ts';
import { arrangeTable } from './arrange.ts';
import { LongColumn } from './long-column.ts';
import type { Dialect } from './dialect.ts';
import { guessDialect, isBinary, namesIn } from './dialect.ts';
import { readRows } from './number-rows.ts';
import { decodeTable } from './table-decode.ts';
import type { TextBytes } from './text-bytes.ts';
import { headText, openText } from './text-bytes.ts';

/** The first look; longer when there are fewer than a few lines in it. */
const firstLook = 64 * 1024;
const longestLook = 32 * 2 ** 20;
/** Tables up to this size are read with the header, so that what is wrong in them is told at once. */
const readAtOnce = 8 * 2 ** 20;
const extensions = ['csv', 'tsv', 'txt', 'dat', 'asc', 'xy'];

const notATable = (path: string, head: string): EigenscopeError => {
  const name = parse(path).base;
  const start = head.slice(0, 24);
  const shown = /^[\t\r\n\x20-\x7e]+$/.test(start)
    ? `“${start.trim().split(/[\r\n]/, 1)[0]}”`
    : Array.from(start.slice(0, 8), (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
  return new EigenscopeError(
    'unsupported-format',
    `${name} is no table of numbers: it begins with ${shown}. Lines of numbers apart by commas, semicolons, tabs or blanks were expected; export the data so, or as .msa, .npy or .hspy.`,
    { path },
  );
};

/** How the table is written; looks further while a line is longer than what was looked at. */
function dialectOf(text: TextBytes, path: string): Dialect {
  for (let look = firstLook; ; look *= 8) {
    const bytes = new Uint8Array(Math.min(text.size, look, longestLook));
    text.readInto(bytes, 0);
    const head = latin1(bytes);
    const complete = bytes.length === text.size;
    const dialect = guessDialect(head, complete);
    if (dialect !== null) return dialect;
    const lines = head.split('\n', 12).length;
    // words before the numbers, or lines that are longer than the look
    if (complete || look >= longestLook || (lines >= 12 && look > firstLook) || isBinary(head)) {
      throw notATable(path, head);
    }
  }
}

/** Axes after the hints: other navigation or signal sizes for the same order of values. */
function rearrange(name: string, axes: readonly Axis[], hints: ReadHints): Axis[] {
  if (hints.navigationShape === undefined && hints.signalShape === undefined) return [...axes];
  const told = arrangeByHints(
    name,
    axes.map((axis) => axis.size),
    hints,
  );
  // axes that stay where they were keep their calibration
  return told.axes.map((axis, i) => {
    const own = axes[i - told.axes.length + axes.length];
    const fromStart = axes[i];
    const kept = own?.size === axis.size ? own : fromStart?.size === axis.size ? fromStart : null;
    return kept === null ? axis : { ...kept, navigate: axis.navigate };
  });
}

function read(file: FileBytes, path: string, hints: ReadHints): FileHeader {
  const text = openText(file);
  const dialect = dialectOf(text, path);
  const leading = Array.from({ length: Math.min(3, dialect.columns) }, () => new LongColumn());
  const counted = readRows(
    text,
    dialect,
    path,
    (values) => {
      for (let c = 0; c < leading.length; c++) leading[c]!.push(values[c]!);
    },
    leading.length,
  );
  const names =
    dialect.names === null
      ? null
      : namesIn(
          text.text(dialect.names[0], dialect.names[1] - dialect.names[0]),
          String.fromCharCode(dialect.delimiter),
          dialect.columns,
        );
  const arranged = arrangeTable({
    columns: dialect.columns,
    rows: counted.rows,
    leading,
    names,
    decimalComma: dialect.decimalComma,
  });
  const axes = rearrange(file.name, arranged.axes, hints);
  const shape = axes.map((axis) => axis.size);
  const warnings = [...arranged.warnings];
  if (dialect.labelled) warnings.push('The first column holds words and is left out.');
  if (counted.cut) warnings.push('The last line is not whole and is left out.');
  if (counted.words > 0) warnings.push(`${counted.words} lines of words among or after the numbers are passed over.`);
  const title = parse(path).name;
  return {
    format: 'table',
    signals: [
      {
        title,
        signalType: '',
        shape,
        dtype: 'float64',
        axes: calibrateByHints(file.name, axes, hints),
        quantity: arranged.quantity,
        metadata: { General: { title, original_filename: file.name }, Signal: { signal_type: '' } },
        originalMetadata: originalOf(text, dialect, names, arranged),
        layout: layoutOf(file, text, dialect, arranged, shape, warnings),
        warnings,
      },
    ],
  };
}

const mostNames = 10_000;
const longestPreamble = 16 * 1024;

function originalOf(text: TextBytes, dialect: Dialect, names: string[] | null, arranged: Arrangement): Metadata {
  const preamble = text.text(0, Math.min(dialect.names?.[0] ?? dialect.start, longestPreamble)).trim();
  const word = (code: number): string => (code === 9 ? 'tab' : code === 32 ? 'blanks' : String.fromCharCode(code));
  return {
    delimiter: word(dialect.delimiter),
    decimal: dialect.decimalComma ? ',' : '.',
    columns: dialect.columns,
    ...(names === null ? {} : { names: names.slice(0, mostNames) }),
    ...(preamble === '' ? {} : { preamble }),
    ...arranged.extra,
  };
}

function layoutOf(
  file: FileBytes,
  text: TextBytes,
  dialect: Dialect,
  { plan }: Arrangement,
  shape: readonly number[],
  warnings: string[],
): PixelLayout {
  if (file.size <= readAtOnce) {
    const values = new Float64Array(elementCount(shape));
    const { cut } = decodeTable(text, dialect, plan, file.path, values);
    if (cut && !warnings.some((w) => w.includes('not whole')))
      warnings.push('The last line is not whole and is left out.');
    return { kind: 'bytes', bytes: new Uint8Array(values.buffer) };
  }
  return {
    kind: 'coded',
    codec: 'table',
    path: file.path,
    stamp: file.stamp(),
    about: { dialect: { ...dialect, names: dialect.names === null ? null : [...dialect.names] }, plan },
  };
}

/** Spectra as text: columns of numbers apart by commas, semicolons, tabs or blanks. */
export const tableReader: Reader = {
  id: 'table',
  title: 'Table of spectra (CSV, text)',
  extensions,
  probe(head, path) {
    const dialect = guessDialect(headText(head), head.length < 4096);
    const named = extensions.some((extension) => path.toLowerCase().endsWith(`.${extension}`));
    if (dialect === null) return 0;
    return named ? 0.4 : dialect.columns > 1 ? 0.2 : 0;
  },
  header: async (path, hints) => withFile(path, (file) => read(file, path, hints)),
};
