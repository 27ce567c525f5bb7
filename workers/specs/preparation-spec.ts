import type { AlgorithmSpec } from './algorithm.ts';
import type { ParamSet } from './param.ts';

/** What every preparation step has in common: nothing is random, and nothing is kept in memory but one block. */
export const describePreparation = <const P extends ParamSet>(
  spec: Pick<AlgorithmSpec<P>, 'id' | 'title' | 'summary' | 'question' | 'reference' | 'params'> &
    Partial<Pick<AlgorithmSpec<P>, 'conflict'>>,
): AlgorithmSpec<P> => ({
  family: 'preprocess',
  phases: ['Preparing'],
  usesSeed: () => false,
  limits: () => ({}),
  estimate: () => ({ bytes: 0, seconds: 0.1 }),
  conflict: () => null,
  ...spec,
});
