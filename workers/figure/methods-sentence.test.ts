import { describe, expect, it } from 'vitest';
import { methodsSentence, type MethodsRecord } from './methods-sentence.ts';

const record: MethodsRecord = {
  title: 'non-negative matrix factorization',
  reference: 'Lee & Seung, Nature 401, 788 (1999).',
  parameters: { n_components: 5, init: 'nndsvd', tol: 1e-4, max_iter: 200, centre: null, normalize: true },
  defaults: { n_components: null, init: 'nndsvd', tol: 1e-4, max_iter: 200, centre: null, normalize: false },
  seed: 1,
  version: '0.1.0',
  shape: { navigation: [64, 64], signal: [1024] },
  maskedPixels: 312,
  maskedChannels: 1,
};

describe('methodsSentence', () => {
  it('says data, what was left out, method, citation, every parameter, seed and version', () => {
    expect(methodsSentence(record)).toBe(
      'The spectrum image (64 × 64 pixels, 1\u2009024 channels; 312 pixels and 1 channel left out) was analysed by ' +
        'non-negative matrix factorization [Lee & Seung, Nature 401, 788 (1999)] (n_components = 5, normalize = yes; ' +
        'seed 1; other parameters at their defaults: init = nndsvd, tol = 10⁻⁴, max_iter = 200, centre = none) ' +
        'with Eigenscope 0.1.0.',
    );
  });
  it('is silent about masks, seed and citation when there are none', () => {
    const bare = { ...record, reference: '', seed: null, maskedPixels: 0, maskedChannels: 0, parameters: {} };
    expect(methodsSentence(bare)).toBe(
      'The spectrum image (64 × 64 pixels, 1\u2009024 channels) was analysed by non-negative matrix factorization with Eigenscope 0.1.0.',
    );
  });
  it('keeps all digits, and shortens long lists only', () => {
    const parameters = { a: 0.30000000000000004, b: -2.5e-9, list: Array.from({ length: 20 }, (_, i) => i) };
    const text = methodsSentence({ ...record, parameters, defaults: {} });
    expect(text).toContain('a = 0.30000000000000004');
    expect(text).toContain('b = −2.5×10⁻⁹');
    expect(text).toContain('list = [0, 1, 2, 3, 4, 5, 6, 7, … 20 values]');
  });
  it('names line scans and single spectra', () => {
    expect(methodsSentence({ ...record, shape: { navigation: [50], signal: [10] } })).toContain(
      'The line scan (50 pixels',
    );
    expect(methodsSentence({ ...record, shape: { navigation: [], signal: [10] } })).toContain(
      'The spectrum (10 channels',
    );
  });
});
