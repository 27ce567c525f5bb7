import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { AlgorithmOutput, FileArray, ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { elementCount } from '../../workers/model/dtype.ts';
import { createCache } from '../../workers/readers/longest-unused.ts';
import { parseNpyHeader } from '../../workers/readers/numpy-format.ts';
import { writeNpy } from '../io/npy-writer.ts';
import { arrayInFolder } from './given-arrays.ts';
import { placeRowFile } from '../io/row-files.ts';
import { writeAtomically, writeFolderAtomically } from '../io/atomic-write.ts';

/** Result arrays kept in memory. */
const cacheBytes = 512 * 2 ** 20;

export interface ResultStore {
  /** Writes arrays, then the record, into the folder; nothing half-written keeps the result's name. */
  save(folder: string, record: ResultRecord, output: AlgorithmOutput): Promise<void>;
  /**
   * One array, from memory or disk.
   * @throws EigenscopeError `not-found`, `corrupt-file`, `out-of-memory` for an array of more than a gibibyte
   */
  array(folder: string, record: ResultRecord, name: string): Promise<ResultArray>;
  /** All arrays for an export: what is too large for memory as a file to be read block by block. */
  all(folder: string, record: ResultRecord): Promise<Required<Pick<AlgorithmOutput, 'arrays' | 'files'>>>;
  /** Columns [first, end) of a two-dimensional array, a copy in C order. */
  columns(folder: string, record: ResultRecord, name: string, first: number, end: number): Promise<ResultArray>;
}

/** An array beyond this is never read as a whole: models of large data stay on disk. */
const wholeBytes = 2 ** 30;

const bytesPerElement = { float64: 8, int32: 4, bool: 1 } as const;

const isLarge = ({ dtype, shape }: ResultRecord['arrays'][string]): boolean =>
  elementCount(shape) * bytesPerElement[dtype] > wholeBytes;

/** An array on disk, of which only the header is read. */
async function arrayInFile(path: string, { shape }: ResultRecord['arrays'][string]): Promise<FileArray> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new EigenscopeError('not-found', `The array ${path} is missing from the project.`, { file: path }, cause);
  });
  try {
    const head = new Uint8Array(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    const header = parseNpyHeader(head.subarray(0, bytesRead), path);
    const needed = header.dataOffset + elementCount(shape) * bytesPerElement.float64;
    if (header.dtype !== 'float64' || (await file.stat()).size < needed) {
      throw new EigenscopeError('corrupt-file', `The array ${path} does not hold what the project says of it.`, {
        file: path,
      });
    }
    return { dtype: 'float64', shape, path, offset: header.dataOffset };
  } finally {
    await file.close();
  }
}

/** More than the header of any array that is written here. */
const headBytes = 2 ** 16;

function typedArray(dtype: ResultArray['dtype'], bytes: Uint8Array, shape: readonly number[]): ResultArray {
  // a copy of these bytes alone: slice() of a Buffer would keep the whole file behind them
  const { buffer } = new Uint8Array(bytes);
  if (dtype === 'float64') return { dtype, shape, data: new Float64Array(buffer) };
  if (dtype === 'int32') return { dtype, shape, data: new Int32Array(buffer) };
  return { dtype, shape, data: new Uint8Array(buffer) };
}

export function createResultStore(): ResultStore {
  const cache = createCache<string, ResultArray>(cacheBytes, ({ data }) => data.byteLength);

  const load = async (folder: string, record: ResultRecord, name: string): Promise<ResultArray> => {
    const expected = arrayInFolder(record, name);
    if (expected === undefined) {
      throw new EigenscopeError(
        'not-found',
        `The result “${record.name}” has no array “${name}”; it has ${Object.keys(record.arrays).join(', ')}.`,
        { result: record.id, array: name },
      );
    }
    const key = `${record.id}/${name}`;
    const found = cache.get(key);
    if (found !== undefined) return found;
    const file = join(folder, `${name}.npy`);
    if (isLarge(expected)) {
      throw new EigenscopeError(
        'out-of-memory',
        `“${name}” of “${record.name}” takes ${Math.ceil((elementCount(expected.shape) * bytesPerElement[expected.dtype]) / 2 ** 20)} MiB and stays on disk. Export it to work with it elsewhere.`,
        { result: record.id, array: name },
      );
    }
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new EigenscopeError(
        'not-found',
        `The array ${file} of “${record.name}” is missing from the project.`,
        { file },
        cause,
      );
    });
    const header = parseNpyHeader(bytes, file);
    const elements = elementCount(expected.shape);
    const size = elements * bytesPerElement[expected.dtype];
    if (
      header.dtype !== expected.dtype ||
      elementCount(header.shape) !== elements ||
      bytes.length - header.dataOffset < size
    ) {
      throw new EigenscopeError('corrupt-file', `The array ${file} does not hold what the project says of it.`, {
        file,
      });
    }
    const array = typedArray(
      expected.dtype,
      bytes.subarray(header.dataOffset, header.dataOffset + size),
      expected.shape,
    );
    cache.put(key, array);
    return array;
  };

  return {
    async save(folder, record, output) {
      await writeFolderAtomically(folder, { overwrite: false }, async (part) => {
        for (const [name, { dtype, shape, data }] of Object.entries(output.arrays)) {
          await writeNpy(join(part, `${name}.npy`), dtype, shape, data, { overwrite: false });
        }
        for (const [name, file] of Object.entries(output.files ?? {})) {
          await placeRowFile(file, join(part, `${name}.npy`));
        }
        await writeAtomically(join(part, 'result.json'), { overwrite: false }, async (handle) => {
          await handle.writeFile(JSON.stringify(record, null, 1));
        });
      });
      for (const [name, array] of Object.entries(output.arrays)) cache.put(`${record.id}/${name}`, array);
    },

    array: load,

    async all(folder, record) {
      const arrays: AlgorithmOutput['arrays'] = {};
      const files: Record<string, FileArray> = {};
      for (const [name, described] of Object.entries(record.arrays)) {
        if (isLarge(described)) files[name] = await arrayInFile(join(folder, `${name}.npy`), described);
        else arrays[name] = await load(folder, record, name);
      }
      return { arrays, files };
    },

    async columns(folder, record, name, first, end) {
      const array = await load(folder, record, name);
      const [rows = 1, cols = 1] = array.shape;
      if (array.shape.length !== 2 || array.dtype !== 'float64' || !(first >= 0 && first < end && first < cols)) {
        throw new EigenscopeError(
          'parameter-out-of-range',
          `Columns ${first} to ${end} of “${name}” [${array.shape.join(' × ')}] do not exist.`,
          { first, end },
        );
      }
      const last = Math.min(end, cols);
      const width = last - first;
      const data = new Float64Array(rows * width);
      for (let r = 0; r < rows; r++) data.set(array.data.subarray(r * cols + first, r * cols + last), r * width);
      return { dtype: 'float64', shape: [rows, width], data };
    },
  };
}
