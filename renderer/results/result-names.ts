import type { FormValues } from '../forms/form-model.ts';

const ACRONYMS: ReadonlySet<string> = new Set(['pca', 'ica', 'nmf', 'svd', 'mdp', 'som', 'tdsep']);

/** What people call a method: "sklearn_pca" → "PCA", "sparse_pca" → "sparse PCA"; ids in capitals stay as they are. */
export function shortMethodName(algorithm: string): string {
  return algorithm
    .replace(/^sklearn_/, '')
    .split('_')
    .map((word) => (ACRONYMS.has(word) ? word.toUpperCase() : word))
    .join(' ');
}

/**
 * "SVD 30 · Poisson", "NMF 5 · masked": method, components where a number was given, then what sets this run apart.
 * A name that is taken gets a number at the end.
 */
export function suggestName(algorithm: string, values: FormValues, taken: readonly string[] = []): string {
  const components = values['output_dimension'];
  const parts = [
    typeof components === 'number' ? `${shortMethodName(algorithm)} ${components}` : shortMethodName(algorithm),
  ];
  if (values['normalize_poissonian_noise'] === true) parts.push('Poisson');
  if (typeof values['centre'] === 'string') parts.push('centred');
  if (isGiven(values['navigation_mask']) || isGiven(values['signal_mask'])) parts.push('masked');
  const name = parts.join(' · ');
  if (!taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;
