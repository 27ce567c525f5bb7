import type { DType } from '../../model/dtype.ts';
import { itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import { componentsToFloat64, elementsOver } from '../elements.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1, truncated } from '../file-bytes.ts';
import { makeNative } from '../raw-pixels.ts';
import type { MatFile, MatRange, MatValue, MatVariable } from './mat-node.ts';
import { fewValues, longestText } from './mat-node.ts';

/* MATLAB 4: MAT-File Format, The MathWorks, chapter 2 (level 4): every variable has a header of five 32-bit words. */

const storedTypes: readonly DType[] = ['float64', 'float32', 'int32', 'int16', 'uint16', 'uint8'];
const machines = ['little-endian', 'big-endian', 'VAX D-float', 'VAX G-float', 'Cray'];
const mostVariables = 10_000;
const longestName = 256;

interface Head {
  machine: number;
  littleEndian: boolean;
  dtype: DType;
  kind: 'full' | 'text' | 'sparse';
  rows: number;
  columns: number;
  complex: boolean;
  nameBytes: number;
}

/** The five words of a variable's header in the byte order in which they make sense, else null. */
export function parseMat4Head(view: DataView): Head | null {
  for (const littleEndian of [true, false]) {
    const [type = 0, rows = 0, columns = 0, complex = 0, nameBytes = 0] = [0, 4, 8, 12, 16].map((at) =>
      view.getUint32(at, littleEndian),
    );
    const dtype = storedTypes[Math.floor(type / 10) % 10];
    const kind = (['full', 'text', 'sparse'] as const)[type % 10];
    const machine = Math.floor(type / 1000);
    if (type > 4999 || Math.floor(type / 100) % 10 !== 0 || dtype === undefined || kind === undefined) continue;
    if (complex > 1 || nameBytes < 2 || nameBytes > longestName || rows > 2 ** 31 || columns > 2 ** 31) continue;
    // numbers of a little-endian machine have headers of that order, and so on
    if (machine < 2 && littleEndian !== (machine === 0)) continue;
    return { machine, littleEndian, dtype, kind, rows, columns, complex: complex === 1, nameBytes };
  }
  return null;
}

function numbersAt(file: FileBytes, head: Head, offset: number, count: number): Float64Array {
  const bytes = new Uint8Array(count * itemSize(head.dtype));
  file.readInto(bytes, offset);
  makeNative(bytes, head.dtype, head);
  return componentsToFloat64(elementsOver(bytes.buffer, 0, count, head.dtype), head.dtype);
}

function textOf(file: FileBytes, head: Head, offset: number): MatValue {
  const { rows, columns } = head;
  const size = [rows, columns];
  const count = Math.min(rows * columns, longestText);
  const codes = Array.from(numbersAt(file, head, offset, count), (code) => String.fromCharCode(code & 0xffff));
  if (rows <= 1 || rows * columns > longestText) return { kind: 'text', size, text: codes.join('') };
  const lines = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => codes[c * rows + r])
      .join('')
      .trimEnd(),
  );
  return { kind: 'text', size, text: lines.join('\n') };
}

/** Triplets: the last row gives the size. */
function tripletsOf(file: FileBytes, head: Head, table: MatRange): MatValue {
  const { rows, columns } = head;
  const at = (column: number): number =>
    numbersAt(file, head, table.offset + (column * rows + rows - 1) * itemSize(head.dtype), 1)[0]!;
  if (rows < 1 || (columns !== 3 && columns !== 4)) {
    throw corrupt(file.path, `a sparse matrix is a table of ${rows} × ${columns}`, '3 or 4 columns were expected');
  }
  const size = [at(0), at(1)];
  if (size.some((n) => !(Number.isSafeInteger(n) && n >= 0))) {
    throw corrupt(file.path, `a sparse matrix has the size ${size.join(' × ')}`, 'two whole numbers were expected');
  }
  return { kind: 'triplets', size, table, entries: rows - 1, complex: columns === 4 };
}

/**
 * All variables of a MATLAB 4 file; numbers stay where they are.
 * @throws EigenscopeError `truncated-file`, `corrupt-file`, `unsupported-format` (VAX and Cray numbers)
 */
export function readMat4(file: FileBytes): MatFile {
  const variables: MatVariable[] = [];
  const warnings: string[] = [];
  for (let position = 0; position < file.size;) {
    if (variables.length >= mostVariables) {
      warnings.push(`Only the first ${mostVariables} variables of ${file.name} are listed.`);
      break;
    }
    const head = parseMat4Head(file.view(position, 20));
    if (head === null) {
      throw corrupt(
        file.path,
        `no variable begins at byte ${position}`,
        'the header of a MATLAB 4 variable was expected',
      );
    }
    if (head.machine > 1) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} holds numbers of a ${machines[head.machine] ?? 'foreign'} machine, which cannot be read. Load it in MATLAB and save it again.`,
        { path: file.path },
      );
    }
    const nameView = file.view(position + 20, head.nameBytes);
    const name = latin1(new Uint8Array(nameView.buffer, nameView.byteOffset, nameView.byteLength)).split('\0', 1)[0]!;
    const offset = position + 20 + head.nameBytes;
    const { rows, columns, dtype, complex } = head;
    const bytes = rows * columns * itemSize(dtype);
    const end = offset + bytes * (complex ? 2 : 1);
    if (!Number.isSafeInteger(end) || end > file.size) throw truncated(file.path, end, file.size);
    const real: MatRange = { offset, bytes, dtype };
    const value = (): MatValue => {
      if (rows * columns === 0) return { kind: 'other', className: 'empty', size: [rows, columns] };
      if (head.kind === 'text') return textOf(file, head, offset);
      if (head.kind === 'sparse') return tripletsOf(file, head, real);
      return {
        kind: 'numeric',
        className: dtype,
        size: [rows, columns],
        logical: false,
        real,
        imaginary: complex ? { offset: offset + bytes, bytes, dtype } : null,
        few: !complex && rows * columns <= fewValues ? [...numbersAt(file, head, offset, rows * columns)] : null,
      };
    };
    variables.push({ name, value: value(), littleEndian: head.littleEndian, packed: null });
    position = end;
  }
  return { variables, warnings, about: { header: 'MATLAB 4' } };
}
