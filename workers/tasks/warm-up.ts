import { createFusedProducts } from '../linalg/fused-products.ts';
import { createGram } from '../linalg/gram.ts';
import { createRightMultiplier } from '../linalg/product.ts';
import { createMatrix } from '../linalg/matrix.ts';
import { createSplitGram } from '../linalg/split-gram.ts';
import { createSplitMultiplier } from '../linalg/split-product.ts';

const size = 64;
const rounds = 24;

/**
 * Compiles the kernels of this thread before they are needed: WebAssembly is translated quickly first and well only
 * once it has run for a while, which else falls into the first blocks of a run.
 */
export function warmUp(): void {
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
