import { describe, expect, it } from 'vitest';
import { defineAlgorithm, type AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { hintOf, questionFor, questionsOf } from './questions.ts';

const spec = (id: string, question: string, hasPoisson: boolean): AlgorithmSpec =>
  defineAlgorithm({
    id,
    family: 'decomposition',
    title: id,
    summary: '',
    question,
    reference: '',
    params: hasPoisson
      ? { normalize_poissonian_noise: { kind: 'boolean', default: false, label: 'Poisson', help: '' } }
      : {},
    phases: [],
    usesSeed: () => false,
    limits: () => ({}),
    estimate: () => ({ bytes: 0, seconds: 0 }),
    conflict: () => null,
  }) as AlgorithmSpec;

const specs = [
  spec('SVD', 'How many things vary?', true),
  spec('NMF', 'Spectra must be positive', true),
  spec('ORNMF', 'Spectra must be positive', true),
];

describe('the questions of the wizard', () => {
  it('gather the methods that answer them, and give counting noise one of its own', () => {
    expect(questionsOf(specs).map((q) => [q.text, q.hint])).toEqual([
      ['How many things vary?', 'SVD'],
      ['Counting noise (EDS, CL)', 'SVD √'],
      ['Spectra must be positive', 'NMF, ORNMF'],
    ]);
  });
  it('do not offer counting noise where the method cannot normalise it', () => {
    expect(questionsOf([spec('SVD', 'How many things vary?', false)])).toHaveLength(1);
  });
  it('are found again from method and values', () => {
    const questions = questionsOf(specs);
    expect(questionFor(questions, 'SVD', { normalize_poissonian_noise: true })?.id).toBe('SVD+poisson');
    expect(questionFor(questions, 'SVD', {})?.id).toBe('SVD');
    expect(questionFor(questions, 'ORNMF', { normalize_poissonian_noise: true })?.id).toBe('NMF');
    expect(questionFor(questions, 'unknown', {})?.id).toBe('SVD');
  });
});

describe('the hint beside a question', () => {
  it('names as many methods as fit, and counts the others', () => {
    expect(hintOf(['SVD', 'PCA'])).toBe('SVD, PCA');
    expect(hintOf(['FastICA', 'FastICA (MDP)', 'JADE'])).toBe('FastICA +2');
    expect(hintOf(['a very long name of a method'])).toBe('a very long name of a method');
  });
});
