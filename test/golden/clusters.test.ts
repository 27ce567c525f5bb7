import { describe, expect, it } from 'vitest';
import type { AlgorithmOutput } from '../../workers/model/result.ts';
import { dataOf, fixturePath, readCases, stepsOf, type Case, type Check } from './fixtures.ts';
import { adjustedRand, inertiaOf, matchedRows } from './cluster-metrics.ts';
import { readValues } from './npy.ts';
import { runSteps } from './run-step.ts';

const expectedOf = (fixture: Case, name: string): { shape: number[]; values: Float64Array } =>
  readValues(fixturePath(fixture.expected.arrays[name]!));

const labelsOf = (output: AlgorithmOutput): Int32Array => {
  const array = output.arrays['labels'];
  if (array?.dtype !== 'int32') throw new Error('No labels');
  return array.data;
};

function valueOf(
  fixture: Case & { reference: Record<string, string> },
  output: AlgorithmOutput,
  check: Check & { output2?: string; truth?: string },
): number {
  const name = check.output ?? '';
  switch (check.metric) {
    case 'ari':
      return 1 - adjustedRand(labelsOf(output), expectedOf(fixture, 'labels').values);
    case 'truth_ari':
      return 1 - adjustedRand(labelsOf(output), readValues(fixturePath(fixture.reference[check.truth!]!)).values);
    case 'inertia_excess': {
      const space = readValues(fixturePath(fixture.reference['clustering_space']!));
      const of = (labels: ArrayLike<number>): number => inertiaOf(space.values, space.shape[1]!, labels);
      return of(labelsOf(output)) / of(expectedOf(fixture, 'labels').values) - 1;
    }
    case 'cluster_rows': {
      const array = output.arrays[check.output2!]!;
      const wanted = expectedOf(fixture, check.output2!);
      expect(array.shape).toEqual(wanted.shape);
      return matchedRows(
        array.data,
        labelsOf(output),
        wanted.values,
        expectedOf(fixture, 'labels').values,
        wanted.shape[0]!,
      );
    }
    case 'scalar_exact':
      return output.scalars[name] === fixture.expected.scalars[name] ? 0 : 1;
    case 'exact':
    case 'max_abs': {
      const { values } = expectedOf(fixture, name);
      const found = output.arrays[name]!.data;
      const count = check.first ?? values.length;
      if (check.first === undefined) expect(found).toHaveLength(values.length);
      return Math.max(...Array.from(values.subarray(0, count), (value, i) => Math.abs(value - found[i]!)));
    }
    default:
      throw new Error(`Metric ${check.metric} is not known here`);
  }
}

/** As the checks from outside ask: HyperSpy's gap statistic has its own reference. */
function steps(fixture: Case) {
  const all = stepsOf(fixture);
  const last = all.at(-1)!;
  const { parameters = {} } = last;
  const more = parameters['metric'] === 'gap' ? { gap_reference: 'line' } : {};
  return [...all.slice(0, -1), { ...last, parameters: { ...parameters, ...more } }];
}

const needsSeparation = (fixture: Case): boolean =>
  fixture.previous.some((p) => p.operation === 'blind_source_separation');
const cases = readCases(['cluster', 'estimate']).filter((fixture) => !needsSeparation(fixture));

describe('the reference cases of clusters', () => {
  it('are all there', () => expect(cases.length).toBe(17));
});

describe.each(cases)('$id', (fixture) => {
  it('agrees with the reference within its tolerances', async () => {
    const output = await runSteps(dataOf(fixture), steps(fixture));
    for (const check of fixture.checks) {
      const value = valueOf(fixture as never, output, check);
      expect(value, `${check.metric} ${check.output ?? ''}`).toBeLessThanOrEqual(check.tolerance);
    }
  });
});
