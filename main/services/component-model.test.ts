import { describe, expect, it } from 'vitest';
import type { ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { componentModel } from './component-model.ts';

const float64 = (shape: number[], ...values: number[]): ResultArray => ({
  dtype: 'float64',
  shape,
  data: Float64Array.from(values),
});
/** 3 channels, 2 pixels, 2 components */
const held: Record<string, Record<string, ResultArray>> = {
  pca: {
    factors: float64([3, 2], 1, 2, 3, 4, 5, 6),
    loadings: float64([2, 2], 1, 0, 0, 1),
    mean: float64([3], 7, 8, 9),
  },
  ica: { bss_factors: float64([3, 2], 9, 8, 7, 6, 5, 4), bss_loadings: float64([2, 2], 1, 2, 3, 4) },
};
const record = (id: string, parent: string | null): ResultRecord =>
  ({ id, name: id, parent, arrays: held[id] ?? {} }) as unknown as ResultRecord;
const array = (one: ResultRecord, name: string): Promise<ResultArray> =>
  Promise.resolve((held[one.id] as Record<string, ResultArray>)[name] as ResultArray);

describe('the model of the first components', () => {
  it('of a separation is made of its sources, with the mean of its decomposition', async () => {
    const model = await componentModel([record('ica', 'pca'), record('pca', null)], array, 1);
    expect([...model.factors]).toEqual([9, 7, 5]);
    expect([...model.loadings]).toEqual([1, 3]);
    expect(model.mean).toEqual({ over: 'features', values: Float64Array.of(7, 8, 9) });
  });
  it('of a decomposition is its own', async () => {
    const model = await componentModel([record('pca', null)], array, 2);
    expect([...model.factors]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(model.mean?.over).toBe('features');
  });
  it('has no mean where none was subtracted, and no more components than there are', async () => {
    expect((await componentModel([record('ica', null)], array, 2)).mean).toBeNull();
    await expect(componentModel([record('ica', null)], array, 3)).rejects.toThrow('has 2 components; got 3');
  });
});
