import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { columnOf, matrixColumns, writeCsv } from '../../main/io/csv-writer.ts';
import { npyHeader } from '../../main/io/npy-format.ts';
import { writeNpy } from '../../main/io/npy-writer.ts';
import { writeNpz } from '../../main/io/npz-writer.ts';
import type { DType } from '../../workers/model/dtype.ts';
import { npyReader } from '../../workers/readers/npy.ts';
import { openPixels } from '../../workers/readers/pixels.ts';

const folder = mkdtempSync(join(tmpdir(), 'eigenscope-arrays-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Python with NumPy: the system's before the one of the path. */
const python = ['/usr/bin/python3', 'python3'].find((program) => {
  try {
    execFileSync(program, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

describe('writeNpy', () => {
  it('has the header that NumPy writes', () => {
    // np.save of np.zeros((2, 3)) with NumPy 1.24: 128 bytes, then the elements.
    const header = npyHeader('float64', [2, 3]);
    expect(header).toHaveLength(128);
    expect(Buffer.from(header).toString('latin1')).toBe(
      `\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }${' '.repeat(58)}\n`,
    );
    expect(Buffer.from(npyHeader('bool', [5])).toString('latin1')).toContain(
      "'descr': '|b1', 'fortran_order': False, 'shape': (5,), }",
    );
    expect(Buffer.from(npyHeader('int32', [])).toString('latin1')).toContain("'shape': (), }");
  });

  it.each<[DType, ArrayBufferView]>([
    ['float64', Float64Array.of(1, NaN, -0.5, 1e300, 5, 6)],
    ['int32', Int32Array.of(1, -2, 3, 4, 5, 2 ** 31 - 1)],
    ['uint16', Uint16Array.of(1, 65535, 3, 4, 5, 6)],
    ['int64', BigInt64Array.of(1n, -2n, 2n ** 60n, 4n, 5n, 6n)],
    ['bool', Uint8Array.of(1, 0, 1, 1, 0, 0)],
    ['float16', Uint16Array.of(0x3c00, 0, 1, 2, 3, 4)],
    ['complex64', new Float32Array(12).fill(2)],
    ['rgb8', Uint8Array.from({ length: 18 }, (_, i) => i)],
  ])('%s comes back as it was, also out of shared memory and in blocks', async (dtype, data) => {
    const bytes = new Uint8Array(data.buffer);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const path = join(folder, `${dtype}.npy`);
    for (const source of [data, shared, [bytes.subarray(0, 5), bytes.subarray(5)]]) {
      await writeNpy(path, dtype, [2, 3], source, { overwrite: true });
      const { signals } = await npyReader.header(path, {});
      expect(signals[0]).toMatchObject({ dtype, shape: [2, 3] });
      const pixels = await openPixels(signals[0]!);
      expect(pixels.read([0, 0], [2, 3])).toEqual(data);
      pixels.close();
    }
  });

  it('refuses data that are not as long as their shape, and leaves no file', async () => {
    const path = join(folder, 'short.npy');
    const failure = writeNpy(path, 'float64', [4], new Float64Array(3), { overwrite: false });
    await expect(failure).rejects.toMatchObject({ code: 'shape-mismatch' });
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });
});

describe.skipIf(python === undefined)('writeNpz (needs python3-numpy)', () => {
  it('is read by numpy.load: arrays, whole numbers, numbers, truth values and text', async () => {
    const path = join(folder, 'all.npz');
    await writeNpz(
      path,
      {
        factors: { dtype: 'float64', shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) },
        labels: { dtype: 'int32', shape: [3], data: Int32Array.of(-1, 0, 1) },
      },
      {
        output_dimension: 3,
        objective: 0.25,
        converged: true,
        decomposition_algorithm: 'SVD µ😀',
        centre: null,
        empty: '',
      },
      { overwrite: false },
    );
    const script = `
import json, sys, numpy as np
f = np.load(sys.argv[1], allow_pickle=False)
print(json.dumps({k: [str(f[k].dtype), list(f[k].shape), f[k].tolist()] for k in f.files}))`;
    expect(JSON.parse(execFileSync(python!, ['-c', script, path], { encoding: 'utf8' }))).toEqual({
      factors: [
        'float64',
        [2, 2],
        [
          [1, 2],
          [3, 4],
        ],
      ],
      labels: ['int32', [3], [-1, 0, 1]],
      output_dimension: ['int64', [], 3],
      objective: ['float64', [], 0.25],
      converged: ['bool', [], true],
      decomposition_algorithm: ['<U6', [], 'SVD µ😀'],
      empty: ['<U1', [], ''],
    });
  });
});

describe('writeCsv', () => {
  it('writes one line of names, then numbers to their last bit with a point', async () => {
    const path = join(folder, 'table.csv');
    await writeCsv(
      path,
      [
        columnOf('energy (eV)', [400, 400.1, 1e-7]),
        columnOf('a, "b"', ['x', 'y,z', 'line\nbreak']),
        ...matrixColumns(Float64Array.of(1, 2, NaN, Infinity), 2, 2, (column) => `factor ${column + 1}`),
      ],
      { overwrite: false },
    );
    expect(readFileSync(path, 'utf8')).toBe(
      'energy (eV),"a, ""b""",factor 1,factor 2\r\n400,x,1,2\r\n400.1,"y,z",,inf\r\n1e-7,"line\nbreak",,\r\n',
    );
  });
});
