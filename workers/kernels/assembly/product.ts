// Packed matrix products after Goto & van de Geijn (2008): a slab of B is packed into panels as wide as a tile, a block
// of A into panels as high as a tile, so that the tile reads both from consecutive addresses. Edges are zero-padded.
// All matrices are row-major; leading dimensions are in bytes.
import { quad32, quad64, row32, row64, rows32, rows64, tile32, tile64 } from './micro.gen';

const rowsOfTile: i32 = 6;

// @ts-ignore: decorator
@inline
function columnsOfTile<T>(): i32 {
  return sizeof<T>() == 8 ? 4 : 8;
}

/** Depth of a slab: one panel of B stays in the first-level cache. */
// @ts-ignore: decorator
@inline
function depthOfSlab<T>(): i32 {
  return sizeof<T>() == 8 ? 256 : 384;
}

/** Rows of a block of A that stays in the second-level cache; a multiple of 6 and 8. */
// @ts-ignore: decorator
@inline
function rowsOfBlock<T>(): i32 {
  return sizeof<T>() == 8 ? 96 : 192;
}

// @ts-ignore: decorator
@inline
function tile<T>(depth: i32, b: usize, a: usize, c: usize, ldc: usize): void {
  if (sizeof<T>() == 8) tile64(depth, b, a, c, ldc);
  else tile32(depth, b, a, c, ldc);
}

/** Packs `depth` rows of n values into panels of `width` columns, row after row. */
function packColumns<T>(depth: i32, n: i32, from: usize, ld: usize, to: usize, width: i32): void {
  const size = <usize>sizeof<T>();
  const line = <usize>width * size;
  for (let j: i32 = 0; j < n; j += width) {
    let source = from + <usize>j * size;
    const w = min<i32>(width, n - j);
    if (w == width) {
      // widths are 4, 6 or 8 values: copied as 8-byte words when the count is even, which it always is
      for (let k: i32 = 0; k < depth; k++) {
        for (let t: usize = 0; t < line; t += 8) store<u64>(to + t, load<u64>(source + t));
        to += line;
        source += ld;
      }
    } else {
      for (let k: i32 = 0; k < depth; k++) {
        for (let t: i32 = 0; t < width; t++) {
          store<T>(to + <usize>t * size, t < w ? load<T>(source + <usize>t * size) : <T>0);
        }
        to += line;
        source += ld;
      }
    }
  }
}

/** Packs n rows of `depth` values, transposing, into panels of `width` rows. */
function packRows<T>(depth: i32, n: i32, from: usize, ld: usize, to: usize, width: i32): void {
  const size = <usize>sizeof<T>();
  const line = <usize>width * size;
  for (let i: i32 = 0; i < n; i += width) {
    const w = min<i32>(width, n - i);
    for (let t: i32 = 0; t < width; t++) {
      let d = to + <usize>t * size;
      if (t < w) {
        let source = from + <usize>(i + t) * ld;
        for (let k: i32 = 0; k < depth; k++) {
          store<T>(d, load<T>(source));
          source += size;
          d += line;
        }
      } else {
        for (let k: i32 = 0; k < depth; k++) {
          store<T>(d, <T>0);
          d += line;
        }
      }
    }
    to += <usize>depth * line;
  }
}

/** C (m × n) += packed A · packed B. With `upper`, tiles strictly below the diagonal of C are left out. */
function multiplyPacked<T>(
  depth: i32, m: i32, n: i32, packedA: usize, packedB: usize, c: usize, ldc: usize, edge: usize, upper: bool,
): void {
  const size = <usize>sizeof<T>();
  const nr = columnsOfTile<T>();
  for (let j: i32 = 0; j < n; j += nr) {
    const width = min<i32>(nr, n - j);
    const b = packedB + <usize>j * <usize>depth * size;
    for (let i: i32 = 0; i < m; i += rowsOfTile) {
      if (upper && j + nr - 1 < i) break;
      const height = min<i32>(rowsOfTile, m - i);
      const a = packedA + <usize>i * <usize>depth * size;
      const corner = c + <usize>i * ldc + <usize>j * size;
      if (height == rowsOfTile && width == nr) tile<T>(depth, b, a, corner, ldc);
      else {
        const line = <usize>nr * size;
        memory.fill(edge, 0, <usize>rowsOfTile * line);
        tile<T>(depth, b, a, edge, line);
        for (let y: i32 = 0; y < height; y++) {
          for (let x: i32 = 0; x < width; x++) {
            const p = corner + <usize>y * ldc + <usize>x * size;
            store<T>(p, load<T>(p) + load<T>(edge + <usize>y * line + <usize>x * size));
          }
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function scratchBytes<T>(n: i32): usize {
  const padded = <usize>((n + 7) / 8) * 8;
  return (<usize>depthOfSlab<T>() * (padded + <usize>rowsOfBlock<T>()) + 64) * <usize>sizeof<T>();
}

/** Scratch of gemm64 and gram64 for n columns of C, bytes. */
export function scratch64(n: i32): usize {
  return scratchBytes<f64>(n);
}

/** Scratch of gemm32 and gram32 for n columns of C, bytes. */
export function scratch32(n: i32): usize {
  return scratchBytes<f32>(n);
}

function gemm<T>(
  m: i32, n: i32, depth: i32, a: usize, lda: usize, transposeA: bool,
  b: usize, ldb: usize, transposeB: bool, c: usize, ldc: usize, scratch: usize,
): void {
  const size = <usize>sizeof<T>();
  const slab = depthOfSlab<T>();
  const block = rowsOfBlock<T>();
  const nr = columnsOfTile<T>();
  const packedB = scratch;
  const packedA = packedB + <usize>slab * (<usize>((n + 7) / 8) * 8) * size;
  const edge = packedA + <usize>slab * <usize>block * size;
  for (let p: i32 = 0; p < depth; p += slab) {
    const k = min<i32>(slab, depth - p);
    if (transposeB) packRows<T>(k, n, b + <usize>p * size, ldb, packedB, nr);
    else packColumns<T>(k, n, b + <usize>p * ldb, ldb, packedB, nr);
    for (let i: i32 = 0; i < m; i += block) {
      const rows = min<i32>(block, m - i);
      if (transposeA) packColumns<T>(k, rows, a + <usize>p * lda + <usize>i * size, lda, packedA, rowsOfTile);
      else packRows<T>(k, rows, a + <usize>i * lda + <usize>p * size, lda, packedA, rowsOfTile);
      multiplyPacked<T>(k, rows, n, packedA, packedB, c + <usize>i * ldc, ldc, edge, false);
    }
  }
}

function gram<T>(n: i32, rows: i32, x: usize, ldx: usize, c: usize, ldc: usize, scratch: usize): void {
  const size = <usize>sizeof<T>();
  const slab = depthOfSlab<T>();
  const block = rowsOfBlock<T>();
  const packedB = scratch;
  const packedA = packedB + <usize>slab * (<usize>((n + 7) / 8) * 8) * size;
  const edge = packedA + <usize>slab * <usize>block * size;
  for (let p: i32 = 0; p < rows; p += slab) {
    const k = min<i32>(slab, rows - p);
    const top = x + <usize>p * ldx;
    packColumns<T>(k, n, top, ldx, packedB, columnsOfTile<T>());
    for (let i: i32 = 0; i < n; i += block) {
      const width = min<i32>(block, n - i);
      packColumns<T>(k, width, top + <usize>i * size, ldx, packedA, rowsOfTile);
      const b = packedB + <usize>i * <usize>k * size;
      multiplyPacked<T>(k, width, n - i, packedA, b, c + <usize>i * (ldc + size), ldc, edge, true);
    }
  }
}

/** C (m × n) += op(A) · op(B); A is m × depth (depth × m when transposed), B depth × n (n × depth when transposed). */
export function gemm64(
  m: i32, n: i32, depth: i32, a: usize, lda: usize, transposeA: bool,
  b: usize, ldb: usize, transposeB: bool, c: usize, ldc: usize, scratch: usize,
): void {
  gemm<f64>(m, n, depth, a, lda, transposeA, b, ldb, transposeB, c, ldc, scratch);
}

export function gemm32(
  m: i32, n: i32, depth: i32, a: usize, lda: usize, transposeA: bool,
  b: usize, ldb: usize, transposeB: bool, c: usize, ldc: usize, scratch: usize,
): void {
  gemm<f32>(m, n, depth, a, lda, transposeA, b, ldb, transposeB, c, ldc, scratch);
}

/** Upper triangle of C (n × n) += XᵀX, X rows × n. What lies below the diagonal is left in an undefined state. */
export function gram64(n: i32, rows: i32, x: usize, ldx: usize, c: usize, ldc: usize, scratch: usize): void {
  gram<f64>(n, rows, x, ldx, c, ldc, scratch);
}

export function gram32(n: i32, rows: i32, x: usize, ldx: usize, c: usize, ldc: usize, scratch: usize): void {
  gram<f32>(n, rows, x, ldx, c, ldc, scratch);
}

/** Copies the upper triangle of C (n × n) to the lower one, in squares so that both sides stay in cache. */
export function mirror64(n: i32, c: usize, ldc: usize): void {
  for (let i0: i32 = 0; i0 < n; i0 += 32) {
    for (let j0: i32 = i0; j0 < n; j0 += 32) {
      const i1 = min<i32>(i0 + 32, n);
      const j1 = min<i32>(j0 + 32, n);
      for (let i: i32 = i0; i < i1; i++) {
        for (let j: i32 = max<i32>(j0, i + 1); j < j1; j++) {
          store<f64>(c + <usize>j * ldc + (<usize>i << 3), load<f64>(c + <usize>i * ldc + (<usize>j << 3)));
        }
      }
    }
  }
}

/** Depth of a slab of packed V. */
const depthOfRight: i32 = 256;

// @ts-ignore: decorator
@inline
function paddedRight<T>(n: i32): usize {
  const nr = columnsOfTile<T>();
  return <usize>((n + nr - 1) / nr) * <usize>nr;
}

function packRight<T>(depth: i32, n: i32, v: usize, ldv: usize, packed: usize): void {
  const padded = paddedRight<T>(n);
  for (let p: i32 = 0; p < depth; p += depthOfRight) {
    const to = packed + <usize>p * padded * <usize>sizeof<T>();
    packColumns<T>(min<i32>(depthOfRight, depth - p), n, v + <usize>p * ldv, ldv, to, columnsOfTile<T>());
  }
}

/** Rows of the next tile: six, and four where that leaves fewer single rows, which take as long as two. */
// @ts-ignore: decorator
@inline
function heightOfRows(left: i32): i32 {
  if (left == 8 || left == 4 || left == 5) return 4;
  return left >= rowsOfTile ? rowsOfTile : 1;
}

function multiplyRight<T>(
  m: i32, n: i32, depth: i32, a: usize, lda: usize, packed: usize, c: usize, ldc: usize, edge: usize,
): void {
  const size = <usize>sizeof<T>();
  const nr = columnsOfTile<T>();
  const edgeLine = <usize>nr * size;
  const padded = paddedRight<T>(n);
  for (let p: i32 = 0; p < depth; p += depthOfRight) {
    const k = min<i32>(depthOfRight, depth - p);
    const slab = packed + <usize>p * padded * size;
    let i: i32 = 0;
    while (i < m) {
      const height = heightOfRows(m - i);
      const rows = a + <usize>i * lda + <usize>p * size;
      for (let j: i32 = 0; j < n; j += nr) {
        const width = min<i32>(nr, n - j);
        const corner = c + <usize>i * ldc + <usize>j * size;
        const b = slab + <usize>j * <usize>k * size;
        const target = width == nr ? corner : edge;
        const line: usize = width == nr ? ldc : edgeLine;
        if (width < nr) memory.fill(edge, 0, 192);
        if (sizeof<T>() == 8) {
          if (height == 1) row64(k, b, rows, lda, target, line);
          else if (height == 4) quad64(k, b, rows, lda, target, line);
          else rows64(k, b, rows, lda, target, line);
        } else {
          if (height == 1) row32(k, b, rows, lda, target, line);
          else if (height == 4) quad32(k, b, rows, lda, target, line);
          else rows32(k, b, rows, lda, target, line);
        }
        if (width < nr) {
          for (let y: i32 = 0; y < height; y++) {
            for (let x: i32 = 0; x < width; x++) {
              const q = corner + <usize>y * ldc + <usize>x * size;
              store<T>(q, load<T>(q) + load<T>(edge + <usize>y * edgeLine + <usize>x * size));
            }
          }
        }
      }
      i += height;
    }
  }
}

/** Bytes of packed V for multiplyRight64. */
export function packedBytes64(depth: i32, n: i32): usize {
  return <usize>depth * paddedRight<f64>(n) * 8;
}

/** Bytes of packed V for multiplyRight32. */
export function packedBytes32(depth: i32, n: i32): usize {
  return <usize>depth * paddedRight<f32>(n) * 4;
}

/** Packs V (depth × n) once for many calls of multiplyRight64. */
export function packRight64(depth: i32, n: i32, v: usize, ldv: usize, packed: usize): void {
  packRight<f64>(depth, n, v, ldv, packed);
}

/** Packs V (depth × n) once for many calls of multiplyRight32. */
export function packRight32(depth: i32, n: i32, v: usize, ldv: usize, packed: usize): void {
  packRight<f32>(depth, n, v, ldv, packed);
}

/**
 * C (m × n) += A (m × depth) · V, with V packed. A is read in place: with few columns in V, packing A would cost as
 * much as the product itself. `edge` is 192 bytes.
 */
export function multiplyRight64(
  m: i32, n: i32, depth: i32, a: usize, lda: usize, packed: usize, c: usize, ldc: usize, edge: usize,
): void {
  multiplyRight<f64>(m, n, depth, a, lda, packed, c, ldc, edge);
}

export function multiplyRight32(
  m: i32, n: i32, depth: i32, a: usize, lda: usize, packed: usize, c: usize, ldc: usize, edge: usize,
): void {
  multiplyRight<f32>(m, n, depth, a, lda, packed, c, ldc, edge);
}
