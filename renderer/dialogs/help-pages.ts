/*
 * The page of each algorithm, written beside it and put into the bundle when it is built.
 *   helpPages            all, in the order of the registry
 *   helpPageOf(id)       that of one algorithm, or null
 */
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { allAlgorithms } from '../../workers/specs/registry.ts';

export interface HelpPage {
  spec: AlgorithmSpec;
  /** Markdown */
  text: string;
}

const texts = import.meta.glob('../../workers/algorithms/**/help.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The folder of an algorithm carries its id, in whichever letters. */
const textOf = (id: string): string | undefined =>
  Object.entries(texts).find(([path]) => path.toLowerCase().endsWith(`/${id.toLowerCase()}/help.md`))?.[1];

export const helpPages: readonly HelpPage[] = allAlgorithms.flatMap((spec) => {
  const text = textOf(spec.id);
  return text === undefined ? [] : [{ spec, text }];
});

export const helpPageOf = (id: string): HelpPage | null => helpPages.find((page) => page.spec.id === id) ?? null;
