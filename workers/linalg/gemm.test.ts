import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseKernelBuild, fastestBuild, kernels } from '../kernels/kernels.ts';
import { multiplyFloat32 } from './gemm-float32.ts';
import { multiply } from './gemm.ts';
import { createGram } from './gram.ts';
import { createCrossAccumulator, createRightMultiplier } from './product.ts';
import { largestDifference, oddSizes, product, randomMatrix, transposed } from './test-matrices.ts';

describe.each(['relaxed-simd', 'simd'] as const)('products, %s build', (build) => {
  beforeAll(() => chooseKernelBuild(build));
  afterAll(() => chooseKernelBuild(fastestBuild()));

  it('run on this build', () => expect(kernels().build).toBe(build));

  it('agree with ml-matrix on odd sizes, transposed or not', () => {
    for (const n of oddSizes) {
      const [a, b] = [randomMatrix(n, 31, n), randomMatrix(31, 13, n + 1)];
      const expected = product(a, b).data;
      for (const [left, transposeA] of [
        [a, false],
        [transposed(a), true],
      ] as const) {
        for (const [right, transposeB] of [
          [b, false],
          [transposed(b), true],
        ] as const) {
          const found = multiply(left, right, { transposeA, transposeB });
          expect([found.rows, found.cols]).toEqual([n, 13]);
          expect(largestDifference(found.data, expected)).toBeLessThan(1e-13);
        }
      }
    }
  });

  it('pass long sides through in pieces', () => {
    const [a, b] = [randomMatrix(70_001, 60, 1), randomMatrix(60, 7, 2)];
    expect(largestDifference(multiply(a, b).data, product(a, b).data)).toBeLessThan(1e-12);
    const tall = randomMatrix(70_001, 7, 3);
    const expected = product(transposed(a), tall).data;
    expect(largestDifference(multiply(a, tall, { transposeA: true }).data, expected)).toBeLessThan(1e-9);
    const wide = transposed(tall);
    const found = multiply(a, wide, { transposeA: true, transposeB: true }).data;
    expect(largestDifference(found, expected)).toBeLessThan(1e-9);
  });

  it('refuses inner sizes that differ, by name', () => {
    expect(() => multiply(randomMatrix(3, 4), randomMatrix(3, 4))).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });

  it('multiply float32 arrays to float32 accuracy', () => {
    const [a, b] = [randomMatrix(65, 129), randomMatrix(129, 17, 2)];
    const out = new Float32Array(65 * 17);
    multiplyFloat32(Float32Array.from(a.data), Float32Array.from(b.data), out, { m: 65, n: 17, depth: 129 });
    const error = largestDifference(out, product(a, b).data);
    expect(error).toBeLessThan(1e-4);
    expect(error).toBeGreaterThan(0);
  });

  it('sum Gram matrices over prime-sized blocks', () => {
    for (const m of [1, 3, 17, 65, 131]) {
      const x = randomMatrix(503, m, m);
      const gram = createGram(m);
      for (let start = 0; start < 503; start += 127) {
        const rows = Math.min(127, 503 - start);
        gram.add(x.data.subarray(start * m, (start + rows) * m), rows);
      }
      const found = gram.toMatrix();
      gram.add(x.data, 503);
      const twice = gram.toMatrix();
      gram.free();
      const expected = product(transposed(x), x).data;
      expect(largestDifference(found.data, expected)).toBeLessThan(1e-11);
      expect(
        largestDifference(
          twice.data,
          expected.map((value) => 2 * value),
        ),
      ).toBeLessThan(2e-11);
      expect(largestDifference(found.data, transposed(found).data)).toBe(0);
    }
  });

  it('sum float32 rows in float64: the result is that of the converted values, to the last bit', () => {
    const x = Float32Array.from(randomMatrix(1009, 37).data);
    const [narrow, wide] = [createGram(37), createGram(37)];
    narrow.add(x, 1009);
    wide.add(Float64Array.from(x), 1009);
    expect(narrow.toMatrix().data).toEqual(wide.toMatrix().data);
    narrow.free();
    wide.free();
  });

  it('accept blocks larger than their buffer, which depends on the block alone', () => {
    const [rows, m] = [40_009, 29];
    const x = randomMatrix(rows, m);
    const gram = createGram(m);
    gram.add(x.data, rows);
    expect(largestDifference(gram.toMatrix().data, product(transposed(x), x).data)).toBeLessThan(1e-9);
    gram.free();
  });

  it('multiply many blocks by the same matrix', () => {
    for (const [m, n] of [
      [1, 1],
      [7, 3],
      [65, 4],
      [300, 5],
      [513, 20],
    ] as const) {
      const [x, v] = [randomMatrix(211, m, m), randomMatrix(m, n, n)];
      const right = createRightMultiplier(v);
      const out = new Float64Array(5 + 211 * n);
      for (let start = 0; start < 211; start += 53) {
        const rows = Math.min(53, 211 - start);
        right.multiply(x.data.subarray(start * m, (start + rows) * m), rows, out, 5 + start * n);
      }
      right.free();
      expect(largestDifference(out.subarray(5), product(x, v).data)).toBeLessThan(1e-12);
      expect([...out.subarray(0, 5)]).toEqual([0, 0, 0, 0, 0]);
    }
  });

  it('sum cross products over blocks', () => {
    for (const [m, n] of [
      [1, 1],
      [7, 3],
      [129, 20],
    ] as const) {
      const [x, y] = [randomMatrix(307, m, m), randomMatrix(307, n, n + 5)];
      const cross = createCrossAccumulator(m, n);
      for (let start = 0; start < 307; start += 101) {
        const rows = Math.min(101, 307 - start);
        cross.add(x.data.subarray(start * m), y.data.subarray(start * n), rows);
      }
      expect(largestDifference(cross.toMatrix().data, product(transposed(x), y).data)).toBeLessThan(1e-12);
      cross.free();
    }
  });

  it('refuse blocks that are too short, by name', () => {
    const gram = createGram(4);
    expect(() => gram.add(new Float64Array(7), 2)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
    gram.free();
  });

  it('stop between pieces when the check throws, leaving nothing behind', () => {
    const gram = createGram(64);
    let calls = 0;
    const stop = (): void => {
      if (++calls === 3) throw new Error('stop');
    };
    expect(() => gram.add(new Float64Array(64 * 100_000), 100_000, stop)).toThrow('stop');
    expect(calls).toBe(3);
    gram.free();
    expect(kernels().usedBytes).toBe(0);
  });

  it('use the same memory over 1000 calls', () => {
    const [a, b] = [randomMatrix(65, 33), randomMatrix(33, 17)];
    const call = (): void => {
      multiply(a, b);
      const gram = createGram(33);
      gram.add(Float32Array.from(a.data), 65);
      gram.free();
      const right = createRightMultiplier(b);
      right.multiply(a.data, 65, new Float64Array(65 * 17));
      right.free();
    };
    call();
    const held = kernels().heldBytes;
    for (let i = 0; i < 1000; i++) call();
    expect(kernels().heldBytes).toBe(held);
    expect(kernels().usedBytes).toBe(0);
  });
});
