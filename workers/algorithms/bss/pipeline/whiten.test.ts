import { describe, expect, it } from 'vitest';
import { createMatrix, fromRows } from '../../../linalg/matrix.ts';
import { createRandom } from '../../../linalg/random.ts';
import { whitenAgain } from './second-whitening.ts';
import { covarianceOf, whiten } from './whiten.ts';

const random = createRandom(3);
const mixed = createMatrix(
  501,
  3,
  Float64Array.from({ length: 1503 }, (_, at) => (at % 3) + (1 + (at % 3)) * random.gaussian()),
);

describe('whitening', () => {
  it.each(['PCA', 'ZCA'] as const)('by %s gives samples without mean, of unit covariance', (method) => {
    const { y, whitening, covariance, rank } = whiten(mixed, method);
    expect(rank).toBe(3);
    for (let c = 0; c < 3; c++) {
      let mean = 0;
      for (let t = 0; t < y.rows; t++) mean += y.data[3 * t + c]! / y.rows;
      expect(mean).toBeCloseTo(0, 12);
    }
    const expected = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    covariance.data.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 10));
    if (method === 'ZCA') expect(whitening.data[1]).toBeCloseTo(whitening.data[3]!, 12);
  });

  // by hand: covariance diag(4, 1)
  it('takes the largest variance first and makes the largest entry of an axis positive', () => {
    const z = fromRows([[2, 1], [-2, 1], [2, -1], [-2, -1]]); // prettier-ignore
    const { whitening } = whiten(z, 'PCA');
    [0.5, 0, 0, 1].forEach((value, at) => expect(whitening.data[at]).toBeCloseTo(value, 9));
  });

  it('leaves samples as they are when it is off', () => {
    const z = fromRows([[1, 5], [3, 5], [5, 8]]); // prettier-ignore
    const { y, whitening } = whiten(z, 'none');
    expect([...y.data]).toEqual([...z.data]);
    expect([...whitening.data]).toEqual([1, 0, 0, 1]);
  });

  it.each([1e-9, 1, 1e9])('does not depend on the units: values of size %d', (unit) => {
    const { y } = whiten({ ...mixed, data: mixed.data.map((value) => value * unit) }, 'PCA');
    const expected = whiten(mixed, 'PCA').y;
    y.data.forEach((value, at) => expect(value).toBeCloseTo(expected.data[at]!, 8));
  });

  it('counts directions that vary, and does not blow up the others', () => {
    const z = createMatrix(
      40,
      3,
      Float64Array.from({ length: 120 }, (_, at) => [Math.sin(at), 7, 2 * Math.sin(at - 2)][at % 3]!),
    );
    const { y, rank } = whiten(z, 'PCA');
    expect(rank).toBe(1);
    expect(Math.max(...y.data.map(Math.abs))).toBeLessThan(5);
    expect(whiten({ ...z, data: new Float64Array(120).fill(0.1) }, 'PCA').rank).toBe(0);
  });

  it('done once more leaves white samples where they are but for the denominator', () => {
    const white = whiten(mixed, 'PCA');
    const { whitening } = whitenAgain(white);
    const factor = Math.sqrt(500 / 501);
    [factor, 0, 0, 0, factor, 0, 0, 0, factor].forEach((v, at) => expect(whitening.data[at]).toBeCloseTo(v, 10));
    const again = whitenAgain(whiten(mixed, 'none'));
    covarianceOf(again.y).data.forEach((v, at) => expect(v).toBeCloseTo(at % 4 === 0 ? 500 / 501 : 0, 10));
  });
});
