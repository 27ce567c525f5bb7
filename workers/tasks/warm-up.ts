import { lloyd } from '../algorithms/cluster/lloyd/bounded-lloyd.ts';
import { kernels } from '../kernels/kernels.ts';
import { createFusedProducts } from '../linalg/fused-products.ts';
import { createGram } from '../linalg/gram.ts';
import { createRightMultiplier } from '../linalg/product.ts';
import { createMatrix } from '../linalg/matrix.ts';
import { createRandom } from '../linalg/random.ts';
import { createSplitGram } from '../linalg/split-gram.ts';
import { createSplitMultiplier } from '../linalg/split-product.ts';
import type { Family } from '../specs/algorithm.ts';

const size = 64;
const rounds = 24;

const searching: readonly Family[] = ['cluster_analysis', 'mixture', 'estimate'];

/**
 * Compiles the kernels of this thread before they are needed: WebAssembly is translated quickly first and well only
 * once it has run for a while, which else falls into the first blocks of a run.
 * @param families of the algorithms that will run
 */
export function warmUp(families: readonly Family[]): void {
  warmUpProducts();
  if (families.some((family) => searching.includes(family))) warmUpSearch();
}

function warmUpProducts(): void {
  const block = new Float64Array(size * size);
  const gram = createGram(size);
  const multiplier = createRightMultiplier(createMatrix(size, size));
  const out = new Float64Array(size * size);
  const rule = { strong: new Float64Array(size * 8), t: 8, scale: 1 };
  const splitGram = createSplitGram(size, rule);
  const splitMultiplier = createSplitMultiplier(createMatrix(size, size), new Float64Array(8 * size), rule);
  const single = new Float32Array(size * size);
  const fused = createFusedProducts(new Float64Array(size * 20), size, 20, 'single');
  for (let i = 0; i < rounds; i++) {
    fused.sweep(single, size, (products) => products.slice());
    gram.add(block, size);
    multiplier.multiply(block, size, out, 0);
    splitGram.add(block, size);
    splitMultiplier.each(block, size, () => {});
  }
  fused.free();
  splitMultiplier.free();
  splitGram.free();
  gram.free();
  multiplier.free();
}

const points = 512;
const cols = 4;
const starts = 32;

/** Starts of k-means are so short that most of their time would be that of translation. */
function warmUpSearch(): void {
  const kernel = kernels();
  const random = createRandom(0);
  kernel.scope((allocate) => {
    const address = allocate(points * cols * 8);
    const x = kernel.f64(address, points * cols);
    for (let i = 0; i < x.length; i++) x[i] = random.uniform();
    const options = { k: 5, init: 'k-means++', maxIter: 10, tol: 0 } as const;
    for (let i = 0; i < starts; i++) lloyd({ n: points, cols, address }, options, random, () => {});
  });
}
