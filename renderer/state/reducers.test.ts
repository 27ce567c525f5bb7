import { describe, expect, it } from 'vitest';
import type { DatasetId, DatasetSummary, JobId, JobState, ResultId } from '../../main/contract/methods.ts';
import type { ResultRecord } from '../../workers/model/result.ts';
import { parseChoices } from './choices.ts';
import { chooseCurrent } from './choose-current.ts';
import { isActive, mergeJob, timeLeft } from './job-list.ts';
import { realValues } from './real-values.ts';

const dataset = (id: string) => ({ id }) as DatasetSummary;
const result = (id: string) => ({ id }) as ResultRecord;
const job = (id: string, status: JobState['status'], fraction = 0) =>
  ({ id: id as JobId, status, fraction }) as JobState;

describe('what is current after a change of the project', () => {
  const state = { datasets: [dataset('a'), dataset('b')], results: [result('r')] };
  it('stays while it is there', () => {
    expect(chooseCurrent(state, 'a' as DatasetId, 'r' as ResultId)).toEqual({ dataset: 'a', result: 'r' });
  });
  it('is what a prepared dataset was made of when that one is gone', () => {
    expect(chooseCurrent(state, 'x' as DatasetId, null, 'a')).toEqual({ dataset: 'a', result: null });
    expect(chooseCurrent(state, 'b' as DatasetId, null, 'a')).toEqual({ dataset: 'b', result: null });
    expect(chooseCurrent(state, 'x' as DatasetId, null, 'y')).toEqual({ dataset: 'b', result: null });
  });
  it('is the newest dataset and no result when it is gone', () => {
    expect(chooseCurrent(state, 'x' as DatasetId, 'y' as ResultId)).toEqual({ dataset: 'b', result: null });
    expect(chooseCurrent({ datasets: [], results: [] }, 'a' as DatasetId, null)).toEqual({
      dataset: null,
      result: null,
    });
  });
});

describe('jobs', () => {
  it('keep their place in the list when they change', () => {
    const list = [job('1', 'running'), job('2', 'queued')];
    expect(mergeJob(list, job('1', 'running', 0.5)).map((j) => [j.id, j.fraction])).toEqual([
      ['1', 0.5],
      ['2', 0],
    ]);
    expect(mergeJob(list, job('3', 'queued')).map((j) => j.id)).toEqual(['1', '2', '3']);
    expect([...list, job('3', 'failed')].filter(isActive).map((j) => j.id)).toEqual(['1', '2']);
  });
  it('say how long they will take in human units', () => {
    expect(timeLeft({ leftSeconds: 14 })).toBe('0:14 left');
    expect(timeLeft({ leftSeconds: 125 })).toBe('2:05 left');
    expect(timeLeft({ leftSeconds: 1500 })).toBe('25 min left');
    expect(timeLeft({ leftSeconds: 7800 })).toBe('2 h 10 min left');
    expect(timeLeft({ leftSeconds: null })).toBe('');
  });
});

describe('settings that were kept', () => {
  it('are taken where they make sense and fall back where not', () => {
    const kept = parseChoices({
      theme: 'dark',
      textScale: 1.4,
      colormaps: { positive: 'cividis', signed: 'rainbow' },
      memoryLimit: 2e9,
      writesScratch: true,
    });
    expect(kept).toEqual({
      theme: 'dark',
      textScale: 1.4,
      colormaps: { image: 'greys', positive: 'cividis', signed: 'auto' },
      memoryLimit: 2e9,
      writesScratch: true,
    });
    const odd = { theme: 7, textScale: 40, colormaps: null, memoryLimit: '2G', writesScratch: 'yes' };
    expect(parseChoices(odd)).toMatchObject({ theme: 'system', memoryLimit: null, writesScratch: false });
    expect(parseChoices({ textScale: 40 }).textScale).toBe(1);
  });
});

describe('realValues', () => {
  it('gives the modulus of complex numbers and the luminance of colours', () => {
    expect([
      ...Array.from(realValues({ dtype: 'complex128', shape: [2], data: Float64Array.of(3, 4, 0, -2) })),
    ]).toEqual([5, 2]);
    const grey = realValues({ dtype: 'rgba8', shape: [1], data: Uint8Array.of(100, 100, 100, 255) });
    expect(grey[0]).toBeCloseTo(100);
    const plain = Uint16Array.of(1, 2);
    expect(realValues({ dtype: 'uint16', shape: [2], data: plain })).toBe(plain);
  });
});
