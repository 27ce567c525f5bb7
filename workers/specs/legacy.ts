/** Names that older HyperSpy versions used, and what they are called today. */
const algorithms: Readonly<Record<string, { algorithm: string; parameters?: Readonly<Record<string, unknown>> }>> = {
  svd: { algorithm: 'SVD' },
  fast_svd: { algorithm: 'SVD', parameters: { svd_solver: 'randomized' } },
  mlpca: { algorithm: 'MLPCA' },
  fast_mlpca: { algorithm: 'MLPCA', parameters: { svd_solver: 'randomized' } },
  nmf: { algorithm: 'NMF' },
  RPCA_GoDec: { algorithm: 'RPCA' },
};

const centres: Readonly<Record<string, string>> = { trials: 'navigation', variables: 'signal' };

export interface NamedCall {
  algorithm: string;
  parameters: Readonly<Record<string, unknown>>;
}

/** The call with old names replaced; given parameters win over those that an old name implies. */
export function withModernNames({ algorithm, parameters }: NamedCall): NamedCall {
  const modern = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm] : undefined;
  const { centre } = parameters;
  const renamed = typeof centre === 'string' && Object.hasOwn(centres, centre) ? { centre: centres[centre] } : {};
  return {
    algorithm: modern?.algorithm ?? algorithm,
    parameters: { ...modern?.parameters, ...parameters, ...renamed },
  };
}
