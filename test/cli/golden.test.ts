import { existsSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { multiply } from '../../workers/linalg/gemm.ts';
import { createMatrix, type Matrix } from '../../workers/linalg/matrix.ts';
import { fixturePath, readCases, stepsOf, type Case, type Check } from '../golden/fixtures.ts';
import { aligned, columnCorrelation, largestRelative, relativeFrobenius, subspaceAngle } from '../golden/metrics.ts';
import { readValues } from '../golden/npy.ts';
import { openShell, type Finished } from './harness.ts';

/* The reference cases through the command line: one recipe, one process, a chain of steps for every case. */

const shell = openShell();
const minute = 120_000;

/** The inputs and steps of a case, every id beginning with the case's. */
function partsOf(fixture: Case): { inputs: Record<string, object>; steps: object[]; last: string } {
  const own = (name: string): string => `${fixture.id}.${name}`;
  const inputs = Object.fromEntries(
    Object.entries(fixture.inputs).map(([role, file]) => {
      const axes = role === 'data' ? { navigationShape: fixture.navShape, signalShape: fixture.signalShape } : {};
      return [own(role), { file: fixturePath(file), ...axes }];
    }),
  );
  const masks = Object.fromEntries(
    ['navigation_mask', 'signal_mask'].filter((role) => role in fixture.inputs).map((role) => [role, own(role)]),
  );
  const chain = stepsOf(fixture);
  const steps = chain.map((step, i) => ({
    ...step,
    id: own(`s${i}`),
    of: i === 0 ? own('data') : own(`s${i - 1}`),
    parameters: { ...step.parameters, ...(step.do === 'decomposition' ? masks : {}) },
  }));
  return { inputs, steps, last: own(`s${chain.length - 1}`) };
}

function recipeOf(cases: readonly Case[]): string {
  const parts = cases.map(partsOf);
  const inputs = Object.assign({}, ...parts.map((part) => part.inputs)) as object;
  return JSON.stringify({ eigenscope: 1, inputs, steps: parts.flatMap(({ steps }) => steps) });
}

const cases = readCases(['SVD', 'PCA', 'elbow', 'model']);

describe('the reference cases through the command line', { timeout: minute }, () => {
  let done: Finished;
  beforeAll(async () => {
    shell.write('all.json', recipeOf(cases));
    done = await shell.run('run', 'all.json', '--out', 'all');
  }, minute);

  it('run in one process', () => {
    expect(done.status, done.error).toBe(0);
    expect(cases).toHaveLength(23);
  });

  it.each(cases)('$id agrees with the reference within its tolerances', (fixture) => {
    const folder = `all/${partsOf(fixture).last}`;
    const scalars = shell.json(`${folder}/scalars.json`);
    const ours = (name: string) => readValues(shell.path(`${folder}/${name}.npy`));
    const expected = (name: string) => readValues(fixturePath(fixture.expected.arrays[name]!));
    const asMatrix = ({ shape, values }: ReturnType<typeof ours>): Matrix =>
      createMatrix(shape[0]!, values.length / shape[0]!, values);
    const pair = (name: string, count?: number) => aligned(asMatrix(ours(name)), asMatrix(expected(name)), count);
    const valueOf = ({ metric, output: name = '', columns, first }: Check): number => {
      switch (metric) {
        case 'max_rel':
          return largestRelative(ours(name).values, expected(name).values, first);
        case 'rel_frobenius':
          return relativeFrobenius(ours(name).values, expected(name).values);
        case 'subspace_angle':
          return subspaceAngle(...pair(name, columns));
        case 'column_corr':
          return columnCorrelation(...pair(name, columns));
        case 'model_rel': {
          const [[f, fExpected], [l, lExpected]] = [pair('factors', columns), pair('loadings', columns)];
          const reference = multiply(lExpected, fExpected, { transposeB: true });
          return relativeFrobenius(multiply(l, f, { transposeB: true }).data, reference.data);
        }
        case 'scalar_exact':
          return scalars[name] === fixture.expected.scalars[name] ? 0 : 1;
        default:
          throw new Error(`Metric ${metric} is not known here`);
      }
    };
    expect(fixture.checks.length).toBeGreaterThan(0);
    for (const check of fixture.checks) {
      expect(valueOf(check), `${check.metric} ${check.output ?? ''}`).toBeLessThanOrEqual(check.tolerance);
    }
  });
});

describe('the reference cases that must be refused', { timeout: minute }, () => {
  it.each(readCases(['error']))('$id', async (fixture) => {
    shell.write(`${fixture.id}.json`, recipeOf([fixture]));
    const { status, error, places, err } = await shell.run('run', `${fixture.id}.json`, '--out', fixture.id);
    expect([2, 4], err).toContain(status);
    expect(error).toMatch(/^[^\n]*\w{3,}[^\n]*\.$/);
    expect(places).toEqual([]);
    expect(existsSync(shell.path(fixture.id)) ? readdirSync(shell.path(fixture.id)) : []).toEqual([]);
  });
});
