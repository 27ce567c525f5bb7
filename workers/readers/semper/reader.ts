import type { Axis } from '../../model/axes.ts';
import type { DType } from '../../model/dtype.ts';
import { itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1, truncated, withFile } from '../file-bytes.ts';
import { arrangeByHints, calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { SemperLabel } from './label.ts';
import { labelWords, parseSemperLabel } from './label.ts';

/* Semper “unformatted” pictures: records of Fortran, each between two copies of its length in bytes. */

const forms: readonly DType[] = ['int8', 'int16', 'float32', 'complex64', 'int32'];
/** Pictures in two dimensions (image, macro, Fourier, correlation, Walsh); in one (spectrum, histogram). */
const planes = new Set([1, 2, 3, 5, 7]);
const lines = new Set([4, 9]);

/** Length and position of the record that begins at a byte; both copies of its length must agree. */
function recordAt(
  file: FileBytes,
  position: number,
  littleEndian: boolean,
): { start: number; length: number; next: number } {
  const length = file.view(position, 4).getUint32(0, littleEndian);
  const next = position + length + 8;
  if (next > file.size) throw truncated(file.path, next, file.size);
  const after = file.view(position + 4 + length, 4).getUint32(0, littleEndian);
  if (after !== length) {
    throw corrupt(
      file.path,
      `the record at byte ${position} has ${length} bytes before it and ${after} behind it`,
      'both are the same',
    );
  }
  return { start: position + 4, length, next };
}

interface SemperFile {
  littleEndian: boolean;
  columns: number;
  rows: number;
  layers: number;
  form: number;
  version: number;
  label: SemperLabel | null;
  title: string;
  pictureClass: number;
  /** first byte of the first row, and bytes from row to row */
  first: number;
  step: number;
}

function parseSemper(file: FileBytes): SemperFile {
  const littleEndian = file.view(0, 4).getUint32(0, true) < 65536;
  const head = recordAt(file, 0, littleEndian);
  if (head.length !== 12) throw corrupt(file.path, `its first record has ${head.length} bytes`, '12 were expected');
  const view = file.view(head.start, 12);
  const [columns, rows, layers, pictureClass, form, flags] = [0, 2, 4, 6, 8, 10].map((at) =>
    view.getInt16(at, littleEndian),
  ) as [number, number, number, number, number, number];
  // the flags are decimal: version, whether there is a label, characters of the title
  const version = Math.floor(flags / 10_000);
  const hasLabel = Math.floor((flags % 10_000) / 1000) === 1;
  const titleLength = flags % 1000;
  if (flags < 0) throw corrupt(file.path, `its flags are ${flags}`, 'a positive number was expected');
  let position = head.next;
  let title = '';
  if (titleLength > 0) {
    const record = recordAt(file, position, littleEndian);
    const bytes = new Uint8Array(Math.min(record.length, 1000));
    file.readInto(bytes, record.start);
    title = latin1(bytes).replaceAll('\0', '').trim();
    position = record.next;
  }
  let label: SemperLabel | null = null;
  if (hasLabel) {
    const record = recordAt(file, position, littleEndian);
    if (record.length !== 2 * labelWords) {
      throw corrupt(file.path, `its label has ${record.length} bytes`, `${2 * labelWords} were expected`);
    }
    label = parseSemperLabel(file.view(record.start, record.length), littleEndian);
    position = record.next;
  }
  const record = recordAt(file, position, littleEndian);
  return {
    littleEndian,
    columns,
    rows,
    layers,
    form,
    version,
    label,
    title,
    pictureClass,
    first: record.start,
    step: record.length + 8,
  };
}

/** Bytes are signed where the announced range allows it, as other programs read them. */
function typeOf(semper: SemperFile, path: string): DType {
  const dtype = forms[semper.form];
  if (dtype === undefined) {
    throw new EigenscopeError(
      'unsupported-format',
      `${path.split(/[\\/]/).at(-1)} holds pictures of form ${semper.form}; byte, integer, floating, complex and long (0 to 4) can be read.`,
      { path },
    );
  }
  const largest = Number(semper.label?.range.split(',')[1] ?? '0');
  return dtype === 'int8' && largest > 127 ? 'uint8' : dtype;
}

function axesOf(semper: SemperFile): Axis[] {
  const { label, pictureClass } = semper;
  const sizes = { z: semper.layers, y: semper.rows, x: semper.columns };
  const kept = (['z', 'y', 'x'] as const).filter(
    (name) =>
      name === 'x' || (name === 'y' && (semper.rows > 1 || semper.layers > 1)) || (name === 'z' && semper.layers > 1),
  );
  const signalRank = planes.has(pictureClass) ? 2 : lines.has(pictureClass) ? 1 : kept.length;
  return kept.map((name, i) => ({
    name,
    units: label?.axes[name].units ?? null,
    size: sizes[name],
    navigate: i < kept.length - signalRank,
    scale: label?.axes[name].scale ?? 1,
    offset: label?.axes[name].offset ?? 0,
  }));
}

/** Which axes are navigation, when it is told; rows stay rows, as they lie apart in the file. */
function arrange(name: string, axes: Axis[], hints: ReadHints): Axis[] {
  if (hints.navigationShape === undefined && hints.signalShape === undefined) return axes;
  const shape = axes.map((axis) => axis.size);
  const told = arrangeByHints(name, shape, hints);
  if (String(told.shape) === String(shape))
    return axes.map((axis, i) => ({ ...axis, navigate: told.axes[i]!.navigate }));
  throw new EigenscopeError(
    'shape-mismatch',
    `${name} has the shape ${shape.join(' × ')}; it cannot be seen as ${told.shape.join(' × ')}. Give some of its own axes as navigation.`,
  );
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const semper = parseSemper(file);
    const dtype = typeOf(semper, path);
    const axes = arrange(file.name, axesOf(semper), hints);
    const { label, layers, rows, columns, first, step } = semper;
    checkedBytes(path, [layers, rows, columns], dtype);
    const rowBytes = columns * itemSize(dtype);
    const count = rows * layers;
    if (step - 8 < rowBytes) {
      throw corrupt(path, `a row has ${step - 8} bytes`, `${columns} values of ${dtype} take ${rowBytes}`);
    }
    const needed = first + count * step - 4;
    if (file.size < needed) throw truncated(path, needed, file.size);
    recordAt(file, first - 4 + (count - 1) * step, semper.littleEndian);
    const title = label?.title || semper.title;
    const original: Metadata = {
      NCOL: columns,
      NROW: rows,
      NLAY: layers,
      ICLASS: semper.pictureClass,
      IFORM: semper.form,
      IVERSN: semper.version,
      ...label?.all,
    };
    return {
      format: 'semper',
      signals: [
        {
          title,
          signalType: '',
          shape: axes.map((axis) => axis.size),
          dtype,
          axes: calibrateByHints(file.name, axes, hints),
          quantity: { name: 'Intensity', units: null },
          metadata: {
            General: {
              title,
              original_filename: file.name,
              ...(label?.date ? { date: label.date } : {}),
              ...(label?.time ? { time: label.time } : {}),
            },
            Signal: { signal_type: '' },
          },
          originalMetadata: original,
          layout: {
            kind: 'frames',
            files: [{ path, stamp: file.stamp() }],
            frameRank: 1,
            runs: [{ file: 0, first, step, count }],
            littleEndian: semper.littleEndian,
          },
          warnings: [],
        },
      ],
    };
  });
}

/** Pictures of Semper, saved “unformatted”. */
export const semperReader: Reader = {
  id: 'semper',
  title: 'Semper picture (unformatted)',
  extensions: ['unf'],
  probe(head) {
    if (head.length < 20) return 0;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    for (const littleEndian of [true, false]) {
      if (view.getUint32(0, littleEndian) !== 12 || view.getUint32(16, littleEndian) !== 12) continue;
      const form = view.getInt16(12, littleEndian);
      const flags = view.getInt16(14, littleEndian);
      if (form >= 0 && form <= 4 && flags > 0) return 0.9;
    }
    return 0;
  },
  header: async (path, hints) => readHeader(path, hints),
};
