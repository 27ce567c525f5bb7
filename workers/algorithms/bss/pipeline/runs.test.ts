import { describe, expect, it } from 'vitest';
import { createControlBlock, openControl, readCurve, requestStop } from '../../../control.ts';
import { createMatrix, fromRows, identity, type Matrix } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { EigenscopeError } from '../../../model/errors.ts';
import { bestAssignment } from './assignment.ts';
import { bestOfRuns, stabilityOf, type OneRun } from './runs.ts';

const run = (unmixing: Matrix, contrast = 0, converged = true): OneRun => ({
  unmixing,
  iterations: 1,
  converged,
  contrast,
});
const turned = (angle: number): Matrix =>
  fromRows([
    [Math.cos(angle), Math.sin(angle)],
    [-Math.sin(angle), Math.cos(angle)],
  ]);

describe('bestAssignment', () => {
  it('beats taking the largest first', () => {
    expect([...bestAssignment(Float64Array.of(0.9, 0.8, 0.85, 0.1), 2)]).toEqual([1, 0]);
  });

  it('finds the largest sum of all permutations', () => {
    const random = createRandom(5);
    for (let trial = 0; trial < 50; trial++) {
      const gain = Float64Array.from({ length: 16 }, () => random.uniform());
      const sums: number[] = [];
      const place = (row: number, used: number[], sum: number): void => {
        if (row === 4) sums.push(sum);
        for (let c = 0; row < 4 && c < 4; c++)
          if (!used.includes(c)) place(row + 1, [...used, c], sum + gain[row * 4 + c]!);
      };
      place(0, [], 0);
      const found = bestAssignment(gain, 4);
      expect(new Set(found).size).toBe(4);
      expect(found.reduce((sum, c, row) => sum + gain[row * 4 + c]!, 0)).toBeCloseTo(Math.max(...sums), 12);
    }
  });
});

describe('the stability of sources', () => {
  it('is 1 when every start gives the same, in another order and with other signs', () => {
    const same = run(fromRows([[0, -1], [1, 0]])); // prettier-ignore
    const runs = [run(identity(2)), same, run(identity(2))];
    expect([...stabilityOf(runs[0]!, runs, identity(2))]).toEqual([1, 1]);
  });

  // two runs turned against each other by 45°: |cos| = √½ within a group; between: own run 0 (twice), other run √½ (twice)
  it('is the index of ICASSO: similarity within less that between', () => {
    const runs = [run(identity(2)), run(turned(Math.PI / 4))];
    const expected = Math.SQRT1_2 - (2 * Math.SQRT1_2) / 4;
    for (const value of stabilityOf(runs[0]!, runs, identity(2))) expect(value).toBeCloseTo(expected, 12);
  });

  it('counts correlations of the sources, not angles, where samples are not white', () => {
    const covariance = fromRows([[100, 0], [0, 1]]); // prettier-ignore
    const scaled = run(fromRows([[5, 0], [0, 0.1]])); // prettier-ignore
    expect([...stabilityOf(scaled, [scaled, run(identity(2))], covariance)]).toEqual([1, 1]);
    const tilted = run(fromRows([[1, 1], [0, 1]])); // prettier-ignore
    expect(stabilityOf(tilted, [tilted, run(identity(2))], covariance)[0]).toBeGreaterThan(0.85);
  });

  it('of one source is its similarity alone', () => {
    const one = run(createMatrix(1, 1, Float64Array.of(-2)));
    expect([...stabilityOf(one, [one, run(identity(1))], identity(1))]).toEqual([1]);
  });
});

describe('the best of several runs', () => {
  const options = { count: 3, maxIter: 10, seed: 1, phase: 0, covariance: identity(2) };

  it('has the largest contrast of those that converged', () => {
    const control = openControl(createControlBlock());
    const runs = [run(identity(2), 5), run(turned(1), 9), run(turned(2), 99, false)];
    const found = bestOfRuns({ ...options, control }, (_random, at) => runs[at]!);
    expect(found).toMatchObject({
      unmixing: turned(1),
      converged: true,
      notes: [],
      scalars: { objective: 9, runs: 3 },
    });
    expect(found.stability).toHaveLength(2);
    expect([...readCurve(control.block)]).toEqual([2, 9, 3, 9]);
  });

  it('has other random numbers in each, and the same ones for the same seed', () => {
    const draw = (): number[] => {
      const drawn: number[] = [];
      bestOfRuns({ ...options, control: openControl(createControlBlock()) }, (random) => {
        drawn.push(random.uniform());
        return run(identity(2));
      });
      return drawn;
    };
    expect(new Set(draw()).size).toBe(3);
    expect(draw()).toEqual(draw());
  });

  it('says so when none converged, and leaves out starts that lead nowhere', () => {
    const control = openControl(createControlBlock());
    const failure = new EigenscopeError('did-not-converge', 'No.');
    const found = bestOfRuns({ ...options, control }, (_random, at) => {
      if (at === 0) throw failure;
      return run(identity(2), 1, false);
    });
    expect(found.converged).toBe(false);
    expect(found.notes?.join(' ')).toMatch(/Still changing after 1 iterations.*2 of 3 starts/);
    const nowhere = (): never => {
      throw failure;
    };
    expect(() => bestOfRuns({ ...options, control }, nowhere)).toThrow(failure);
  });

  it('ends with the run it is in when asked to keep', () => {
    const control = openControl(createControlBlock());
    let runs = 0;
    const found = bestOfRuns({ ...options, control }, (_random, _at, step) => {
      runs++;
      requestStop(control.block, 'keep');
      expect(step(1, 0)).toBe(true);
      return run(identity(2));
    });
    expect([runs, found.converged]).toEqual([1, false]);
    expect(found.notes?.[0]).toMatch(/^Stopped after 1 iterations as asked/);
  });
});
