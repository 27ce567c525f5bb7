import { elbowPosition } from './elbow.ts';

export interface VarianceSummary {
  explainedVariance: Float64Array;
  /** share of each kept component in the sum over the kept components; 0 for data without any variation */
  ratio: Float64Array;
  significant: number;
}

/** Explained variance S²/count of each component, its ratio over what was kept (as HyperSpy), and the knee of that curve. */
export function summarizeVariance(singularValues: Float64Array, count: number): VarianceSummary {
  const explainedVariance = singularValues.map((s) => (s * s) / count);
  const total = explainedVariance.reduce((sum, v) => sum + v, 0);
  const ratio = explainedVariance.map((v) => (total > 0 ? v / total : 0));
  return { explainedVariance, ratio, significant: elbowPosition(ratio) + 1 };
}
