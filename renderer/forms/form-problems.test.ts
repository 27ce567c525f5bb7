import { describe, expect, it } from 'vitest';
import { algorithmById } from '../../workers/specs/registry.ts';
import type { AlgorithmSpec } from '../../workers/specs/algorithm.ts';
import { draftFrom } from './form-model.ts';
import { draftProblemsOf, inFormWords, mergeProblems } from './form-problems.ts';

const svd = algorithmById('SVD') as AlgorithmSpec;
const shape = { samples: 100, features: 64, dtype: 'float32' as const };

describe('what stands in the way', () => {
  it('is nothing with the recommended settings', () => {
    expect(draftProblemsOf(svd, draftFrom(svd.params, {}), shape)).toEqual([]);
  });
  it('is said with the labels of the form, not with ids', () => {
    const label = svd.params['output_dimension']?.label ?? '';
    const [problem] = draftProblemsOf(svd, draftFrom(svd.params, { output_dimension: 80 }), shape);
    expect(problem?.param).toBe('output_dimension');
    expect(problem?.message).toContain(`${label} must be from 1 to 64`);
    expect(problem?.message).not.toContain('output_dimension');
  });
  it('tells the bounds of the data also for what no data allow', () => {
    const [problem] = draftProblemsOf(svd, draftFrom(svd.params, { output_dimension: -3 }), shape);
    expect(problem?.message).toMatch(/must be from 1 to 64 .*; got -3\.$/);
  });
  it('names conflicting choices as they are shown', () => {
    const draft = draftFrom(svd.params, { normalize_poissonian_noise: true, centre: 'navigation' });
    const [problem] = draftProblemsOf(svd, draft, shape);
    expect(problem?.param).toBe('centre');
    expect(problem?.message).toContain(svd.params['normalize_poissonian_noise']?.label);
    expect(problem?.message).not.toMatch(/centre\b|normalize_|navigation\b/);
  });
  it('says what to choose where nothing is chosen, in short', () => {
    const says = (id: string): string[] => {
      const spec = algorithmById(id) as AlgorithmSpec;
      return draftProblemsOf(spec, draftFrom(spec.params, {}), null).map(({ message }) => message);
    };
    expect(says('select_pixels')).toEqual(['Choose a mask.']);
    expect(says('merge')).toEqual(['Choose one data set or more.', 'Choose an axis.']);
    expect(says('reflectance')).toEqual(['Choose the white reference.']);
    expect(says('rebin')).toEqual(['Bins along each axis needs a value.']);
  });
  it('is first what cannot be read', () => {
    const draft = { ...draftFrom(svd.params, { output_dimension: 80 }), unreadable: { output_dimension: 'many' } };
    expect(draftProblemsOf(svd, draft, shape)).toEqual([
      { param: 'output_dimension', message: expect.stringContaining('“many”') as string },
    ]);
  });
  it('is told once when page and services agree', () => {
    const own = [{ param: 'a', message: 'A is wrong.' }];
    const theirs = [
      { param: 'a', message: 'a: other words' },
      { param: null, message: 'Too little memory.' },
      { param: null, message: 'A is wrong.' },
    ];
    expect(mergeProblems(own, theirs).map((p) => p.message)).toEqual(['A is wrong.', 'Too little memory.']);
  });
  it('calls choices that are advised as they are shown', () => {
    const spec = algorithmById('spectralclustering') as AlgorithmSpec;
    expect(inFormWords('Set reduction to kmeans or sample.', spec.params)).toBe(
      'Set Fewer pixels to Small groups by k-means or A sample of pixels.',
    );
  });
  it('leaves sentences alone that name nothing', () => {
    expect(inFormWords('All pixels are masked.', svd.params)).toBe('All pixels are masked.');
  });
});
