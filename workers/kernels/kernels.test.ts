import { describe, expect, it } from 'vitest';
import { createKernels, fastestBuild } from './kernels.ts';
import type { Kernels } from './kernels.ts';

const sizes = [1, 2, 3, 5, 7, 17, 63, 64, 65, 129];

/** Whole numbers from −8 to 8: products and sums are exact in float32 too, so results must agree to the last bit. */
function wholeNumbers(length: number, seed: number): number[] {
  let state = seed * 7919 + 1;
  return Array.from({ length }, () => ((state = (state * 48271) % 2147483647) % 17) - 8);
}

interface Shape {
  m: number;
  n: number;
  depth: number;
  transposeA: boolean;
  transposeB: boolean;
}

function expectedProduct(a: number[], b: number[], { m, n, depth, transposeA, transposeB }: Shape): number[] {
  const c = new Array<number>(m * n).fill(0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let q = 0; q < depth; q++) {
        c[i * n + j]! += a[transposeA ? q * m + i : i * depth + q]! * b[transposeB ? j * depth + q : q * n + j]!;
      }
    }
  }
  return c;
}

function kernelProduct(k: Kernels, bits: 32 | 64, a: number[], b: number[], shape: Shape): number[] {
  const { m, n, depth, transposeA, transposeB } = shape;
  const size = bits / 8;
  const view = bits === 64 ? k.f64 : k.f32;
  const gemm = bits === 64 ? k.run.gemm64 : k.run.gemm32;
  return k.scope((allocate) => {
    const [pa, pb, pc] = [allocate(a.length * size), allocate(b.length * size), allocate(m * n * size)];
    const scratch = allocate(bits === 64 ? k.run.scratch64(n) : k.run.scratch32(n));
    view(pa, a.length).set(a);
    view(pb, b.length).set(b);
    view(pc, m * n).fill(1);
    const [lda, ldb] = [(transposeA ? m : depth) * size, (transposeB ? depth : n) * size];
    gemm(m, n, depth, pa, lda, transposeA, pb, ldb, transposeB, pc, n * size, scratch);
    return [...view(pc, m * n)].map((value) => value - 1);
  });
}

describe.each(['relaxed-simd', 'simd'] as const)('kernels, %s build', (build) => {
  const k = createKernels(build);

  it.each([32, 64] as const)('multiply odd sizes exactly in f%i, transposed or not', (bits) => {
    for (const m of sizes) {
      for (const [n, depth] of [
        [m, m],
        [7, 385],
        [65, 3],
        [1, 257],
      ] as const) {
        for (const flags of [0, 1, 2, 3]) {
          const shape = { m, n, depth, transposeA: flags % 2 === 1, transposeB: flags > 1 };
          const [a, b] = [wholeNumbers(m * depth, m), wholeNumbers(depth * n, n)];
          expect(kernelProduct(k, bits, a, b, shape)).toEqual(expectedProduct(a, b, shape));
        }
      }
    }
  });

  it.each([32, 64] as const)('sum the upper triangle of a Gram matrix exactly in f%i', (bits) => {
    const size = bits / 8;
    const view = bits === 64 ? k.f64 : k.f32;
    for (const n of [...sizes, 97, 193, 211]) {
      for (const rows of [1, 6, 257, 401]) {
        const x = wholeNumbers(rows * n, n + rows);
        const found = k.scope((allocate) => {
          const [px, pc] = [allocate(x.length * size), allocate(n * n * size)];
          const scratch = allocate(bits === 64 ? k.run.scratch64(n) : k.run.scratch32(n));
          view(px, x.length).set(x);
          view(pc, n * n).fill(0);
          (bits === 64 ? k.run.gram64 : k.run.gram32)(n, rows, px, n * size, pc, n * size, scratch);
          return [...view(pc, n * n)];
        });
        const expected = expectedProduct(x, x, { m: n, n, depth: rows, transposeA: true, transposeB: false });
        const upper = (c: number[]): number[] => c.filter((_, i) => i % n >= Math.floor(i / n));
        expect(upper(found)).toEqual(upper(expected));
      }
    }
  });

  it('frees what a scope allocated, also when it throws', () => {
    expect(() =>
      k.scope((allocate) => {
        allocate(1000);
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(k.usedBytes).toBe(0);
  });

  it('gives a large memory back once nothing lives in it, and works on', () => {
    const address = k.allocate(600 * 2 ** 20);
    expect(k.heldBytes).toBeGreaterThan(600 * 2 ** 20);
    k.free(address);
    expect(k.heldBytes).toBeLessThan(100 * 2 ** 20);
    const shape = { m: 3, n: 3, depth: 3, transposeA: false, transposeB: false };
    const a = wholeNumbers(9, 1);
    expect(kernelProduct(k, 64, a, a, shape)).toEqual(expectedProduct(a, a, shape));
  });

  it('refuses more than 4 GB by name', () => {
    expect(() => k.allocate(5 * 2 ** 30)).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
    expect(k.usedBytes).toBe(0);
  });
});

it('picks the relaxed build where the engine accepts it', () => {
  expect(['relaxed-simd', 'simd']).toContain(fastestBuild());
  expect(createKernels().build).toBe(fastestBuild());
});
