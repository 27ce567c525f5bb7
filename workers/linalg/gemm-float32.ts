import { EigenscopeError } from '../model/errors.ts';
import { kernels } from '../kernels/kernels.ts';

/** op(A) is m × depth, op(B) depth × n; all row-major float32. */
export interface Float32Product {
  m: number;
  n: number;
  depth: number;
  /** A is stored depth × m */
  transposeA?: boolean;
  /** B is stored n × depth */
  transposeB?: boolean;
}

/**
 * out (m × n) = op(A) · op(B) in float32 sums, for work that does not need more, such as training networks.
 * @throws EigenscopeError `shape-mismatch` when an array is too short.
 */
export function multiplyFloat32(a: Float32Array, b: Float32Array, out: Float32Array, product: Float32Product): void {
  const { m, n, depth, transposeA = false, transposeB = false } = product;
  if (a.length < m * depth || b.length < depth * n || out.length < m * n) {
    throw new EigenscopeError(
      'shape-mismatch',
      `A ${m} × ${depth} by ${depth} × ${n} product needs arrays of ${m * depth}, ${depth * n} and ${m * n} values; ` +
        `got ${a.length}, ${b.length} and ${out.length}.`,
      { m, n, depth },
    );
  }
  const k = kernels();
  k.scope((allocate) => {
    const [pa, pb, pc] = [allocate(m * depth * 4), allocate(depth * n * 4), allocate(m * n * 4)];
    const scratch = allocate(k.run.scratch32(n));
    k.f32(pa, m * depth).set(a.subarray(0, m * depth));
    k.f32(pb, depth * n).set(b.subarray(0, depth * n));
    k.f32(pc, m * n).fill(0);
    const lda = (transposeA ? m : depth) * 4;
    const ldb = (transposeB ? depth : n) * 4;
    k.run.gemm32(m, n, depth, pa, lda, transposeA, pb, ldb, transposeB, pc, n * 4, scratch);
    out.set(k.f32(pc, m * n));
  });
}
