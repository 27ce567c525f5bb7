import type { Job } from '../../../job.ts';
import { createRandom } from '../../../linalg/random.ts';
import { createCoder, type CodingMethod } from '../dictionary/code-rows.ts';
import { codeGramOf, dictionaryCost, extrapolate, type Atoms, type AtomSpace } from '../dictionary/atoms.ts';
import { replaceUnused } from '../dictionary/replace-unused.ts';

export interface LearnOptions {
  alpha: number;
  method: CodingMethod;
  maxIter: number;
  tol: number;
  phase: number;
}

export interface Learned {
  /** C [channels × k] */
  codes: Float64Array;
  atoms: Atoms;
  iterations: number;
  converged: boolean;
  objective: number;
}

/**
 * min ½ ‖Xᵀ − C·D‖² + alpha ‖C‖₁ over codes C and atoms ‖D_r‖ ≤ 1, in rounds of coding all channels by the lasso and
 * updating all atoms, from S·Vᵀ of the singular value decomposition on.
 *
 * Rounds alone creep where the data say little about how components share what they describe: with a small alpha the cost
 * falls by 1e-8 a round for thousands of rounds. So coding starts not from the atoms of the last update but ahead of them,
 * in the direction they move, with Nesterov's growing momentum. The cost after coding is known before anything else is
 * computed; where it lies above the cost without momentum, the step is taken back and the momentum starts anew. The cost
 * therefore never rises, each stop is one that plain rounds could make, and fixed points are those of plain rounds.
 *
 * Stops when a round lowers the cost by less than tol · cost, as scikit-learn does.
 * @see Mairal, Bach, Ponce & Sapiro, J. Mach. Learn. Res. 11, 19 (2010); O'Donoghue & Candès, Found. Comput. Math. 15,
 *   715 (2015), for the restart
 */
export async function learnDictionary(space: AtomSpace, options: LearnOptions, job: Job): Promise<Learned> {
  const { k, channels, energy } = space;
  const { alpha, method, maxIter, tol, phase } = options;
  const random = createRandom(job.seed).fork('atoms');
  const codes = new Float64Array(channels * k);
  const coder = createCoder(method, k);
  const code = ({ gram, correlations }: Atoms): Float64Array => {
    coder({ gram, right: correlations, alpha }, codes);
    return codeGramOf(codes, k);
  };
  /** atoms of the last update, of the one before, and ahead of both */
  let plain = space.start;
  let before = space.allocate();
  const ahead = space.allocate();
  let current = plain;
  /** updates since the momentum started */
  let age = 0;
  let momentum = 1;
  let objective = Infinity;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIter && !converged && !(iterations > 0 && job.control.shouldKeep())) {
    job.control.check();
    let codeGram = code(current);
    if (current !== plain && dictionaryCost(energy, current, codes, codeGram, alpha) > objective) {
      current = plain;
      age = 0;
      codeGram = code(current);
    }
    const replaced = replaceUnused(space, codes, codeGram, random);
    await space.update(current, replaced ?? codes, codeGram, before);
    [plain, before] = [before, plain];
    const cost = dictionaryCost(energy, plain, codes, codeGram, alpha);
    iterations++;
    converged = iterations > 1 && objective - cost < tol * cost;
    objective = cost;
    job.control.objective(iterations, cost);
    job.control.progress(phase, iterations, maxIter);
    age = replaced ? 0 : age + 1;
    current = plain;
    if (age <= 1) momentum = 1;
    else {
      const next: number = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
      extrapolate(space, plain, before, (momentum - 1) / next, ahead);
      current = ahead;
      momentum = next;
    }
  }
  return { codes, atoms: plain, iterations, converged, objective };
}
