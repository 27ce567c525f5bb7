import { describe, expect, it } from 'vitest';
import { shortMethodName, suggestName } from './result-names.ts';

describe('the name of a result', () => {
  it('says how many peaks were fitted', () => {
    expect(suggestName('fit_peaks', { n_peaks: 1, positions: null })).toBe('1 peak');
    expect(suggestName('fit_peaks', { n_peaks: 1, positions: [520, 640] }, ['2 peaks'])).toBe('2 peaks (2)');
  });

  it('says method, components and what sets the run apart', () => {
    expect(suggestName('SVD', { output_dimension: 30, normalize_poissonian_noise: true })).toBe('SVD 30 · Poisson');
    expect(suggestName('NMF', { output_dimension: 5, navigation_mask: 'd2' })).toBe('NMF 5 · masked');
    expect(suggestName('SVD', { output_dimension: null, centre: 'navigation' })).toBe('SVD · centred');
  });
  it('counts sources, or clusters rather than the components that they are made from', () => {
    expect(suggestName('sklearn_fastica', { number_of_components: 4, on_loadings: true })).toBe('FastICA 4 · maps');
    const compared = { cluster_source: 'decomposition', number_of_components: 3 };
    expect(suggestName('kmeans', { ...compared, n_clusters: 6, preprocessing: 'norm' })).toBe('k-means 6 · norm');
    expect(suggestName('estimate_number_of_clusters', { ...compared, metric: 'gap' })).toBe('Number of clusters · gap');
  });
  it('gets a number when it is taken', () => {
    expect(suggestName('NMF', { output_dimension: 5 }, ['NMF 5'])).toBe('NMF 5 (2)');
    expect(suggestName('NMF', { output_dimension: 5 }, ['NMF 5', 'NMF 5 (2)'])).toBe('NMF 5 (3)');
  });
  it('leaves out a number that cannot be meant', () => {
    expect(suggestName('kmeans', { n_clusters: -3, preprocessing: 'norm' })).toBe('k-means · norm');
    expect(suggestName('SVD', { output_dimension: 2.5 })).toBe('SVD');
    expect(suggestName('fit_peaks', { n_peaks: 0 })).toBe('peaks');
  });
  it('uses the word people say for a method', () => {
    expect(['SVD', 'sklearn_pca', 'sparse_pca', 'mini_batch_sparse_pca', 'ORPCA'].map(shortMethodName)).toEqual([
      'SVD',
      'PCA',
      'sparse PCA',
      'mini batch sparse PCA',
      'ORPCA',
    ]);
  });
});
