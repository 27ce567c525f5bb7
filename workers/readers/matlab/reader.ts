import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, SignalHeader } from '../../model/signal.ts';
import { componentsToFloat64, elementsOver } from '../elements.ts';
import type { FileBytes } from '../file-bytes.ts';
import { latin1, openFile } from '../file-bytes.ts';
import { makeNative } from '../raw-pixels.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { fileCursor, inflateCursor } from './mat-cursor.ts';
import type { MatFile } from './mat-node.ts';
import { countOf } from './mat-node.ts';
import type { FoundArray } from './mat-signals.ts';
import { describeValue, findArrays, matSignal } from './mat-signals.ts';
import { parseMat4Head, readMat4 } from './mat4.ts';
import { readMat5 } from './mat5.ts';

/** How many numbers are looked at to tell a map of labels from spectra. */
const lookedAt = 65_536;

const isMat5 = (head: Uint8Array): boolean =>
  head.length >= 128 &&
  ((head[126] === 0x49 && head[127] === 0x4d && head[125] === 1) ||
    (head[126] === 0x4d && head[127] === 0x49 && head[124] === 1));

function isMat4(head: Uint8Array): boolean {
  if (head.length < 24) return false;
  const found = parseMat4Head(new DataView(head.buffer, head.byteOffset, head.byteLength));
  if (found === null) return false;
  return /^[A-Za-z]\w*\0+$/.test(latin1(head.subarray(20, Math.min(head.length, 20 + found.nameBytes))));
}

/** Whole numbers from 0 to 255 in rows and columns: a map of labels rather than spectra. */
async function holdsLabels(file: FileBytes, { value, variable }: FoundArray): Promise<boolean> {
  if (value.kind !== 'numeric' || value.imaginary !== null || value.size.length !== 2) return false;
  const { real } = value;
  if (real.dtype.startsWith('float')) return false;
  if (real.dtype === 'uint8') return true;
  const count = Math.min(countOf(value.size), lookedAt);
  const bytes = new Uint8Array((real.bytes / countOf(value.size)) * count);
  if (variable.packed === null) await fileCursor(file, real.offset).fill(bytes);
  else {
    const cursor = inflateCursor(file, variable.packed);
    try {
      await cursor.skip(real.offset);
      await cursor.fill(bytes);
    } finally {
      await cursor.close();
    }
  }
  makeNative(bytes, real.dtype, variable);
  const values = componentsToFloat64(elementsOver(bytes.buffer, 0, count, real.dtype), real.dtype);
  return values.every((n) => n >= 0 && n <= 255);
}

/** Text as the only content: its character codes can be looked at. */
function textSignals(file: FileBytes, content: MatFile, original: Metadata): SignalHeader[] {
  return content.variables.flatMap(({ name, value }): SignalHeader[] => {
    if (value.kind !== 'text' || value.text.length < 2) return [];
    const codes = Uint16Array.from(value.text, (_, i) => value.text.charCodeAt(i));
    const axis = { name: 'character', units: null, size: codes.length, navigate: false, scale: 1, offset: 0 };
    return [
      {
        title: name,
        signalType: '',
        shape: [codes.length],
        dtype: 'uint16',
        axes: [axis],
        quantity: { name: 'Character code', units: null },
        metadata: { General: { title: name, original_filename: file.name }, Signal: { signal_type: '' } },
        originalMetadata: original,
        layout: { kind: 'bytes', bytes: new Uint8Array(codes.buffer) },
        warnings: [`${file.name} holds text only and no array of numbers; the codes of its characters are shown.`],
      },
    ];
  });
}

function choose(file: FileBytes, arrays: readonly FoundArray[], dataset: string | undefined): readonly FoundArray[] {
  if (dataset === undefined) return arrays;
  const found = arrays.filter(({ path }) => path === dataset);
  if (found.length > 0) return found;
  throw new EigenscopeError(
    'not-found',
    `${file.name} has no array “${dataset}”; it has ${
      arrays
        .map(({ path }) => path)
        .slice(0, 12)
        .join(', ') || 'none'
    }.`,
    { path: file.path, dataset },
  );
}

/** Cubes first, then tables, then vectors: what is opened without asking is the data, not the wavelengths. */
const rankOf = ({ value }: FoundArray): number => Math.min(3, value.size.filter((n) => n > 1).length);

async function signalsOf(file: FileBytes, content: MatFile, hints: ReadHints): Promise<SignalHeader[]> {
  const original: Metadata = {
    ...content.about,
    variables: Object.fromEntries(content.variables.map(({ name, value }) => [name, describeValue(value)])),
  };
  const arrays = [...choose(file, findArrays(content), hints.dataset)].sort((a, b) => rankOf(b) - rankOf(a));
  const signals: SignalHeader[] = [];
  const left: string[] = [];
  let refusal: unknown = null;
  for (const array of arrays) {
    try {
      signals.push(matSignal(file, array, await holdsLabels(file, array), original, hints));
    } catch (error) {
      const known = error instanceof EigenscopeError && ['unsupported-format', 'shape-mismatch'].includes(error.code);
      if (!known) throw error;
      refusal ??= error;
      left.push(array.path);
    }
  }
  if (signals.length === 0 && refusal !== null) throw refusal;
  if (signals.length === 0) signals.push(...textSignals(file, content, original));
  const [first] = signals;
  if (first === undefined) {
    const names = content.variables.map(({ name }) => name).slice(0, 8);
    throw new EigenscopeError(
      'unsupported-format',
      `${file.name} holds no array of numbers (${names.join(', ') || 'no variable at all'}); an array of two or more numbers is needed.`,
      { path: file.path },
    );
  }
  const notes = [...content.warnings];
  if (left.length > 0)
    notes.push(`Left out of ${file.name}: ${left.slice(0, 20).join(', ')}${left.length > 20 ? ', …' : ''}.`);
  return [{ ...first, warnings: [...first.warnings, ...notes] }, ...signals.slice(1)];
}

async function readHeader(path: string, hints: ReadHints): Promise<FileHeader> {
  const file = openFile(path);
  try {
    const head = new Uint8Array(Math.min(file.size, 512));
    file.readInto(head, 0);
    const five = isMat5(head);
    if (!five && !isMat4(head)) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} is called a MATLAB file but is of no version known here (4, 5, 6, 7 or 7.3). Save it anew in MATLAB.`,
        { path },
      );
    }
    return { format: 'matlab', signals: await signalsOf(file, five ? await readMat5(file) : readMat4(file), hints) };
  } finally {
    file.close();
  }
}

/** MATLAB 4, 5, 6 and 7: every array of numbers, also those in structs and cells. */
export const matlabReader: Reader = {
  id: 'matlab',
  title: 'MATLAB (4 to 7)',
  extensions: ['mat'],
  probe(head, path) {
    if (isMat5(head)) return latin1(head.subarray(0, 6)) === 'MATLAB' ? 1 : 0.8;
    return isMat4(head) ? (/\.mat$/i.test(path) ? 0.95 : 0.6) : 0;
  },
  header: readHeader,
};
