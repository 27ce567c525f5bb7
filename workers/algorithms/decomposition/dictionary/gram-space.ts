import type { Job } from '../../../job.ts';
import { kernels } from '../../../kernels/kernels.ts';
import { createMatrix } from '../../../linalg/matrix.ts';
import { viewShape } from '../../../matrix-view.ts';
import type { MatrixView } from '../../../model/rows.ts';
import { gramPass } from '../../../passes/gram.ts';
import { projectPass } from '../../../passes/project.ts';
import { shareFloats } from '../../../passes/share.ts';
import { columnProduct, scaleColumn, shrinkToUnit, updateAtom, type Atoms, type AtomSpace } from './atoms.ts';
import { leadingDirections } from './leading-directions.ts';
import { smallProduct } from './small-product.ts';

/** G = XᵀX in kernel memory, and products with it. */
export interface GramSpace extends AtomSpace {
  /** out = G·x; x and out [channels × k] */
  multiply(x: Float64Array, out: Float64Array): void;
  /** row j of G, copied to `out` */
  row(j: number, out: Float64Array): void;
}

/**
 * Dictionary learning on G = XᵀX [channels × channels] alone. Every atom is a combination of channel maps, Dᵀ = X·P: the
 * start is, and an update only adds others and X·C. So pixels need not be looked at again: coding needs XᵀDᵀ = G·P and
 * DDᵀ = PᵀG·P, an update moves P towards C and G·P towards G·C, the only product of a round: channels² · k multiplications
 * where pixels · channels · k are needed twice otherwise. The optimum is the same, because the cost depends on D through
 * these products only, and parts of an atom outside the span of the data could only make it longer.
 */
export async function createGramSpace(
  view: MatrixView,
  k: number,
  job: Job,
  phases: { gather: number; write: number },
): Promise<GramSpace> {
  const { rows, cols } = viewShape(view);
  const gram = createMatrix(cols, cols, await job.run(gramPass, view, null, phases.gather));
  const diagonal = Float64Array.from({ length: cols }, (_, j) => gram.data[j * cols + j]!);
  const kernel = kernels();
  const { run } = kernel;
  const blocks: number[] = [];
  const allocate = (bytes: number): number => {
    const address = kernel.allocate(bytes);
    blocks.push(address);
    return address;
  };
  const free = (): void => blocks.reverse().forEach((address) => kernel.free(address));
  try {
    const g = allocate(8 * cols * cols);
    const left = allocate(8 * cols * k);
    const right = allocate(8 * cols * k);
    const packed = allocate(run.packedBytes64(cols, k));
    const edge = allocate(192);
    kernel.f64(g, cols * cols).set(gram.data);
    const multiply = (x: Float64Array, out: Float64Array): void => {
      kernel.f64(left, cols * k).set(x);
      run.packRight64(cols, k, left, k * 8, packed);
      const product = kernel.f64(right, cols * k).fill(0);
      run.multiplyRight64(cols, k, cols, g, cols * 8, packed, right, k * 8, edge);
      out.set(product);
    };
    const coordinates = leadingDirections(gram, k, job);
    const correlations = new Float64Array(cols * k);
    const images = new Float64Array(cols * k);
    multiply(coordinates, correlations);
    const start: Atoms = { coordinates, correlations, gram: smallProduct(coordinates, correlations, k) };
    return {
      k,
      channels: cols,
      energy: diagonal.reduce((sum, v) => sum + v, 0),
      mapEnergy: (channel) => diagonal[channel]!,
      start,
      gramOf: (p, w) => smallProduct(p, w, k),
      multiply,
      row: (j, out) => out.set(kernel.f64(g + 8 * j * cols, cols)),
      allocate: () => ({
        coordinates: new Float64Array(cols * k),
        correlations: new Float64Array(cols * k),
        gram: new Float64Array(k * k),
      }),
      update(atoms, codes, codeGram, out) {
        multiply(codes, images);
        const { coordinates: p, correlations: w } = out;
        p.set(atoms.coordinates);
        w.set(atoms.correlations);
        for (let r = 0; r < k; r++) {
          updateAtom(p, codes, codeGram, r, k);
          updateAtom(w, images, codeGram, r, k);
          const factor = shrinkToUnit(columnProduct(p, w, r, k));
          scaleColumn(p, r, k, factor);
          scaleColumn(w, r, k, factor);
        }
        out.gram = smallProduct(p, w, k);
        return Promise.resolve();
      },
      async peaks({ coordinates: p }) {
        const shared = { v: shareFloats(job, p), k, out: job.allocate(rows * k), stride: k, column: 0 };
        return (await job.run(projectPass, view, shared, phases.write)).peak;
      },
      free,
    };
  } catch (error) {
    free();
    throw error;
  }
}
