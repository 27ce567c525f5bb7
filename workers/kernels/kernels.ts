import { EigenscopeError } from '../model/errors.ts';
import { createHeap, maximumBytes } from './heap.ts';
import type { Heap } from './heap.ts';
import { relaxedSimd, simd } from './wasm.gen.ts';

export type KernelBuild = 'relaxed-simd' | 'simd';

/** The compiled functions; see assembly/ for what each computes. Addresses and leading dimensions are in bytes. */
export interface KernelFunctions {
  heapBase(): number;
  scratch64(n: number): number;
  scratch32(n: number): number;
  gemm64: Gemm;
  gemm32: Gemm;
  gram64: Gram;
  gram32: Gram;
  mirror64(n: number, c: number, ldc: number): void;
  packedBytes64(depth: number, n: number): number;
  packedBytes32(depth: number, n: number): number;
  packRight64: PackRight;
  packRight32: PackRight;
  multiplyRight64: MultiplyRight;
  multiplyRight32: MultiplyRight;
  tridiagonalSteps(
    n: number,
    a: number,
    ld: number,
    d: number,
    e: number,
    tau: number,
    work: number,
    from: number,
    to: number,
  ): void;
  tridiagonalEnd(n: number, a: number, d: number, work: number): void;
  qlSweeps(
    n: number,
    d: number,
    e: number,
    rotations: number,
    headers: number,
    capacity: number,
    maxSweeps: number,
    floor: number,
    state: number,
  ): number;
  applyRotations(
    n: number,
    sweeps: number,
    rotations: number,
    headers: number,
    z: number,
    ldz: number,
    from: number,
    to: number,
    panel: number,
  ): void;
  inverseIteration(
    n: number,
    d: number,
    e: number,
    value: number,
    x: number,
    ldx: number,
    count: number,
    tiny: number,
    steps: number,
    work: number,
  ): number;
  secularRoots(
    count: number,
    d: number,
    squares: number,
    rho: number,
    values: number,
    differences: number,
    from: number,
    to: number,
    originAt: number,
  ): void;
  secularWeights(count: number, d: number, differences: number, z: number, work: number): void;
  secularVectors(
    count: number,
    z: number,
    places: number,
    differences: number,
    from: number,
    to: number,
    work: number,
  ): void;
  orthogonalizeRow(
    p: number,
    count: number,
    m: number,
    b: number,
    nv: number,
    v: number,
    squares: number,
    order: number,
    tolerance: number,
  ): number;
  axpy(n: number, f: number, x: number, y: number): void;
  dot(n: number, a: number, b: number): number;
  rotate(n: number, a: number, b: number, c: number, s: number): void;
  promote(n: number, from: number, to: number): void;
  /** inner loops of ORPCA and ORNMF, see assembly/online.ts */
  combine(n: number, k: number, x: number, ld: number, c: number, f: number, base: number, out: number): number;
  project(n: number, k: number, d: number, ld: number, x: number, g: number): void;
  alternate(
    n: number,
    k: number,
    d: number,
    ld: number,
    z: number,
    c: number,
    lambda: number,
    top: number,
    u: number,
    e: number,
    t: number,
    g: number,
  ): number;
  huberSystem(
    n: number,
    k: number,
    d: number,
    ld: number,
    u: number,
    lambda: number,
    top: number,
    outside: number,
    g: number,
    h: number,
    work: number,
  ): number;
  huberSlope(n: number, u: number, w: number, t: number, lambda: number, top: number, out: number): void;
  huberLoss(n: number, u: number, z: number, lambda: number, top: number, e: number, t: number, out: number): number;
  clipScale(n: number, x: number, floor: number, f: number): number;
  modelRatios(
    rows: number,
    cols: number,
    k: number,
    x: number,
    w: number,
    h: number,
    least: number,
    ratio: number,
    weight: number,
  ): void;
  skinnyDots64: SkinnyDots;
  skinnyDots32: SkinnyDots;
  skinnyOuter64: SkinnyOuter;
  skinnyOuter32: SkinnyOuter;
  demoteScaled(n: number, f: number, from: number, to: number): void;
  addScaled(n: number, f: number, from: number, to: number): void;
  huberScratch(): number;
  huberRows(
    rows: number,
    n: number,
    r: number,
    x: number,
    b: number,
    v: number,
    w: number,
    g: number,
    ld: number,
    lambda: number,
    cg: number,
    wc: number,
    sums: number,
    scratch: number,
  ): void;
  sumRows(rows: number, n: number, x: number, columnSums: number, rowSums: number, totals: number): void;
  sumPresent(rows: number, n: number, x: number, columnSums: number, missing: number, rowSums: number): void;
  /** contrasts of independent components, see assembly/contrast.ts */
  contrastScratch(): number;
  contrastSums(
    kind: number,
    a: number,
    n: number,
    k: number,
    m: number,
    y: number,
    ld: number,
    w: number,
    products: number,
    slopes: number,
    values: number,
    scratch: number,
  ): void;
  /** distances, silhouettes and k-means, see assembly/distances.ts */
  squaredDistances(rows: number, cols: number, k: number, x: number, c: number, out: number): void;
  centreDistances(
    n: number,
    cols: number,
    k: number,
    x: number,
    c: number,
    labels: number,
    out: number,
    least: number,
    nearest: number,
    total: number,
  ): number;
  labelSums(n: number, cols: number, x: number, labels: number, sums: number, counts: number): void;
  nearerDistances(n: number, cols: number, x: number, point: number, closest: number, out: number): number;
  inertia(n: number, cols: number, x: number, c: number, labels: number): number;
  whereSumsPass(n: number, weights: number, count: number, targets: number, found: number): void;
  meanVariance(n: number, cols: number, x: number, mean: number): number;
  clusterDistanceSums(
    n: number,
    cols: number,
    xt: number,
    points: number,
    count: number,
    clusterings: number,
    labels: number,
    width: number,
    out: number,
    scratch: number,
  ): void;
  boundedLloyd(
    n: number,
    cols: number,
    k: number,
    x: number,
    c: number,
    labels: number,
    upper: number,
    lower: number,
    shift: number,
    half: number,
    index: number,
    most: number,
    other: number,
    sums: number,
    counts: number,
  ): number;
  /** E and M step of Gaussian mixtures, see assembly/mixture.ts */
  mixtureDeviations(rows: number, k: number, p: number, x: number, means: number, inverse: number, z: number): void;
  weighMixture(
    rows: number,
    k: number,
    p: number,
    z: number,
    shift: number,
    constants: number,
    shares: number,
    isGiven: boolean,
    weights: number,
    first: number,
    second: number,
  ): number;
  takeColumns(
    rows: number,
    cols: number,
    x: number,
    energy: number,
    largest: number,
    peak: number,
    rowFactor: number,
  ): void;
  weighValues(n: number, x: number, v: number, w: number, wx: number, state: number): number;
  weightedResidual(
    rows: number,
    cols: number,
    p: number,
    x: number,
    w: number,
    l: number,
    panels: number,
    out: number,
  ): number;
  /** packed data of files, see assembly/unpack.ts */
  unpackLz4(from: number, size: number, to: number, capacity: number): number;
  unpackZstd(from: number, size: number, to: number, capacity: number, literals: number): number;
  joinBytes(n: number, width: number, from: number, to: number): void;
  joinBits(n: number, width: number, from: number, to: number): void;
  /** counts of Bruker's maps, see assembly/bruker.ts */
  mapLine(
    from: number,
    end: number,
    counts: number,
    firstPixel: number,
    pixels: number,
    first: number,
    channels: number,
    width: number,
  ): void;
  walkRecords(
    at: number,
    end: number,
    left: number,
    counts: number,
    channels: number,
    limit: number,
    state: number,
  ): number;
  treatRows(
    rows: number,
    cols: number,
    x: number,
    rowMean: number,
    columnMean: number,
    rowFactor: number,
    columnFactor: number,
  ): void;
}

/** C (m × n) += op(A) · op(B), see assembly/product.ts. */
type PackRight = (depth: number, n: number, v: number, ldv: number, packed: number) => void;
type MultiplyRight = (
  m: number,
  n: number,
  depth: number,
  a: number,
  lda: number,
  packed: number,
  c: number,
  ldc: number,
  edge: number,
) => void;
type Gemm = (
  m: number,
  n: number,
  depth: number,
  a: number,
  lda: number,
  transposeA: boolean,
  b: number,
  ldb: number,
  transposeB: boolean,
  c: number,
  ldc: number,
  scratch: number,
) => void;

/** C (rows × k) += X · Hᵀ and B (k × cols) += WᵀX for few columns k, see assembly/skinny.ts. */
type SkinnyDots = (
  rows: number,
  cols: number,
  k: number,
  x: number,
  ldx: number,
  h: number,
  ldh: number,
  c: number,
) => void;
type SkinnyOuter = (
  rows: number,
  cols: number,
  k: number,
  x: number,
  ldx: number,
  w: number,
  b: number,
  ldb: number,
) => void;

/** Upper triangle of C (n × n) += XᵀX. */
type Gram = (n: number, rows: number, x: number, ldx: number, c: number, ldc: number, scratch: number) => void;

/** The kernels of one thread with their own memory. */
export interface Kernels {
  readonly build: KernelBuild;
  readonly run: KernelFunctions;
  /** Address of `bytes` bytes, contents undefined; free it, or use `scope`. Throws `out-of-memory` beyond 4 GB. */
  allocate(bytes: number): number;
  free(address: number): void;
  /** Runs `use` and frees everything it allocated through its argument, also when it throws. */
  scope<T>(use: (allocate: (bytes: number) => number) => T): T;
  /** Views become invalid at the next allocation, which may move the memory: take them late, keep them never. */
  f64(address: number, length: number): Float64Array<ArrayBuffer>;
  f32(address: number, length: number): Float32Array<ArrayBuffer>;
  i32(address: number, length: number): Int32Array<ArrayBuffer>;
  /** bytes in live blocks */
  readonly usedBytes: number;
  /** bytes of memory held */
  readonly heldBytes: number;
}

interface Opened {
  memory: WebAssembly.Memory;
  run: KernelFunctions;
  heap: Heap;
}

const page = 65536;
/** An idle memory larger than this is given back to the system. */
const keptBytes = 64 * 2 ** 20;

/** Kernels with a memory of their own; `build` defaults to the fastest that this engine accepts. */
export function createKernels(build: KernelBuild = fastestBuild()): Kernels {
  const module = new WebAssembly.Module(decode(build === 'simd' ? simd : relaxedSimd));
  let { memory, run, heap } = open(module);
  const free = (address: number): void => {
    heap.free(address);
    if (heap.used === 0 && memory.buffer.byteLength > keptBytes) ({ memory, run, heap } = open(module));
  };
  return {
    build,
    get run() {
      return run;
    },
    allocate: (bytes) => heap.allocate(bytes),
    free,
    scope(use) {
      const taken: number[] = [];
      try {
        return use((bytes) => {
          const address = heap.allocate(bytes);
          taken.push(address);
          return address;
        });
      } finally {
        taken.reverse().forEach(free);
      }
    },
    f64: (address, length) => new Float64Array(memory.buffer, address, length),
    f32: (address, length) => new Float32Array(memory.buffer, address, length),
    i32: (address, length) => new Int32Array(memory.buffer, address, length),
    get usedBytes() {
      return heap.used;
    },
    get heldBytes() {
      return memory.buffer.byteLength;
    },
  };
}

let threadKernels: Kernels | undefined;

/** The kernels of this thread, made on first use. */
export function kernels(): Kernels {
  threadKernels ??= createKernels();
  return threadKernels;
}

/** Makes this thread use one of the two builds from now on, for tests and measurements. */
export function chooseKernelBuild(build: KernelBuild): void {
  if (threadKernels?.build !== build) threadKernels = createKernels(build);
}

/** Relaxed SIMD where the engine has it. */
export function fastestBuild(): KernelBuild {
  return WebAssembly.validate(decode(relaxedSimd)) ? 'relaxed-simd' : 'simd';
}

function open(module: WebAssembly.Module): Opened {
  const { exports } = new WebAssembly.Instance(module, { env: { abort: stopped } });
  const { memory } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('The kernel module has no memory');
  // The module is built from assembly/ together with this file; its functions cannot be checked one by one at run time.
  const run = exports as unknown as KernelFunctions;
  return { memory, run, heap: createHeap(run.heapBase(), (end) => growTo(memory, end)) };
}

function growTo(memory: WebAssembly.Memory, end: number): void {
  const held = memory.buffer.byteLength;
  if (end <= held) return;
  // by an eighth at least: growing is cheap, but each time every view is lost
  const wanted = Math.min(Math.max(end, held * 1.125), maximumBytes);
  try {
    memory.grow(Math.ceil((wanted - held) / page));
  } catch (cause) {
    throw new EigenscopeError(
      'out-of-memory',
      `The system gave no more memory: ${(end / 2 ** 30).toFixed(1)} GB is needed in one thread. ` +
        'Close other programs, use fewer threads, or bin the data.',
      { neededBytes: end },
      cause,
    );
  }
}

function stopped(): never {
  throw new Error('A kernel stopped');
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
