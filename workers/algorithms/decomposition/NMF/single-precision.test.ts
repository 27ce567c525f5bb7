import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { floatData, floats, maskOf, runSteps, sharedSource } from '../../../../test/golden/run-step.ts';
import { createRandom } from '../../../linalg/random.ts';
import { partition } from '../../../passes/partition.ts';
import { nmfSweepPass } from './sweep-pass.ts';

const [pixels, channels, k] = [1201, 131, 3];
const random = createRandom(8);
/** k bands, mixed, with noise; float32 values in both arrays */
const single = Float32Array.from({ length: pixels * channels }, (_, at) => {
  const [i, j] = [Math.floor(at / channels), at % channels];
  let value = 2 * random.uniform();
  for (let t = 0; t < k; t++) {
    value += (1 + Math.sin((i * (t + 1)) / 90)) * 40 * Math.exp(-(((j - 30 - 35 * t) / 14) ** 2));
  }
  return value;
});
const double = Float64Array.from(single);
const sources = {
  float32: sharedSource(single, 'float32', pixels, channels),
  float64: sharedSource(double, 'float64', pixels, channels),
};
const mask = maskOf(Array.from({ length: pixels }, (_, i) => i % 5 === 0 || (i > 300 && i < 420)));

const fit = (dtype: 'float32' | 'float64', parameters: Readonly<Record<string, unknown>>, masked = false) =>
  runSteps(
    {
      navigationShape: [pixels],
      signalShape: [channels],
      source: sources[dtype],
      ...(masked ? { inputs: { navigation_mask: mask } } : {}),
    },
    [
      {
        do: 'decomposition',
        algorithm: 'NMF',
        parameters: { output_dimension: k, init: 'random', tol: 0, max_iter: 60, ...parameters },
      },
    ],
  );

const rmsApart = (a: Float64Array, b: Float64Array): number => {
  let [apart, size] = [0, 0];
  a.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    apart += (value - b[i]!) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(apart / size);
};

describe('float32 data', () => {
  it('are cut into several parts here', () => {
    const source = floatData(double, [pixels], [channels]).source;
    const shared = { k } as Parameters<typeof nmfSweepPass.partial>[1];
    expect(partition({ source }, nmfSweepPass, shared).length).toBeGreaterThan(2);
  });

  it.each([
    ['plain', {}, false],
    ['masked', {}, true],
    ['scaled for Poisson noise', { normalize_poissonian_noise: true }, false],
    ['masked and scaled', { normalize_poissonian_noise: true, reproject: 'navigation' }, true],
    ['by multiplicative steps', { solver: 'mu' }, false],
    ['with more components than are multiplied at once', { output_dimension: 13, max_iter: 3 }, false],
  ])('%s, lead to the answer of the same values in float64', async (_, parameters, masked) => {
    const [a, b] = [await fit('float32', parameters, masked), await fit('float64', parameters, masked)];
    expect(Number(a.scalars['objective']) / Number(b.scalars['objective'])).toBeCloseTo(1, 5);
    expect(a.notes.join(' ')).toMatch(/in single precision/);
    expect(rmsApart(floats(a, 'factors'), floats(b, 'factors'))).toBeLessThan(1e-4);
    expect(rmsApart(floats(a, 'loadings'), floats(b, 'loadings'))).toBeLessThan(1e-4);
    expect(floats(a, 'loadings').findIndex(Number.isNaN)).toBe(floats(b, 'loadings').findIndex(Number.isNaN));
  });

  it('in a file are read in pieces, with the answer of float64', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'eigenscope-nmf-'));
    try {
      const path = join(folder, 'values.raw');
      writeFileSync(path, single);
      const source = {
        kind: 'raw' as const,
        path,
        offset: 0,
        littleEndian: true,
        dtype: 'float32' as const,
        samples: pixels,
        features: channels,
      };
      const parameters = { output_dimension: k, init: 'random', tol: 0, max_iter: 60 };
      const steps = [{ do: 'decomposition', algorithm: 'NMF', parameters }];
      const output = await runSteps({ navigationShape: [pixels], signalShape: [channels], source }, steps);
      expect(floats(output, 'factors')).toEqual(floats(await fit('float64', {}), 'factors'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of tiny or huge values are fitted too', async () => {
    const size = floats(await fit('float64', {}), 'factors');
    for (const factor of [1e-36, 1e34]) {
      const scaled = sharedSource(
        single.map((v) => v * factor),
        'float32',
        pixels,
        channels,
      );
      const output = await runSteps({ navigationShape: [pixels], signalShape: [channels], source: scaled }, [
        { do: 'decomposition', algorithm: 'NMF', parameters: { output_dimension: k, tol: 0, max_iter: 60 } },
      ]);
      expect(Number(output.scalars['captured_fraction'])).toBeGreaterThan(0.99);
      expect(floats(output, 'factors').length).toBe(size.length);
    }
  });
});

describe('a settled fit of float32 data', () => {
  it('is swept once more in double precision, which is where its objective comes from', async () => {
    const settled = { tol: 1e-3, max_iter: 1000 };
    const [a, b] = [await fit('float32', settled), await fit('float64', settled)];
    expect(a.scalars['converged']).toBe(true);
    expect(a.scalars['iterations']).toBe(Number(b.scalars['iterations']) + 1);
    expect(Number(a.scalars['objective'])).toBeLessThanOrEqual(Number(b.scalars['objective']));
    let twice = 0;
    const [l, f] = [floats(a, 'loadings'), floats(a, 'factors')];
    double.forEach((value, at) => {
      const [i, j] = [Math.floor(at / channels), at % channels];
      let rest = value;
      for (let t = 0; t < k; t++) rest -= l[i * k + t]! * f[j * k + t]!;
      twice += rest * rest;
    });
    expect(Number(a.scalars['objective']) / (twice / 2)).toBeCloseTo(1, 10);
  });
});
