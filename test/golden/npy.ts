import { readFileSync } from 'node:fs';
import type { DType } from '../../workers/model/dtype.ts';

const types: Readonly<Record<string, DType>> = {
  '<f4': 'float32',
  '<f8': 'float64',
  '<u2': 'uint16',
  '<i4': 'int32',
  '<i8': 'int64',
  '|b1': 'bool',
};

export interface NpyFile {
  dtype: DType;
  shape: number[];
  bytes: Uint8Array;
  /** byte offset of the first element in the file */
  offset: number;
}

/** A stored array of the fixtures (.npy format 1.0, little-endian, C order). */
export function readNpy(path: string): NpyFile {
  const file = readFileSync(path);
  const offset = 10 + file.readUInt16LE(8);
  const header = file.toString('latin1', 10, offset);
  const dtype = types[/'descr': '([^']+)'/.exec(header)?.[1] ?? ''];
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1];
  if (!dtype || shape === undefined || !header.includes("'fortran_order': False"))
    throw new Error(`${path}: ${header}`);
  return {
    dtype,
    shape: shape
      .split(',')
      .filter((n) => n.trim() !== '')
      .map(Number),
    bytes: new Uint8Array(file.subarray(offset)),
    offset,
  };
}

/** The values as float64. */
export function readValues(path: string): { shape: number[]; values: Float64Array } {
  const { dtype, shape, bytes } = readNpy(path);
  const { buffer } = bytes.slice();
  const values = {
    float32: () => Float64Array.from(new Float32Array(buffer)),
    float64: () => new Float64Array(buffer),
    uint16: () => Float64Array.from(new Uint16Array(buffer)),
    int32: () => Float64Array.from(new Int32Array(buffer)),
    int64: () => Float64Array.from(new BigInt64Array(buffer), Number),
    bool: () => Float64Array.from(new Uint8Array(buffer)),
  }[dtype as 'float32'];
  return { shape, values: values() };
}
