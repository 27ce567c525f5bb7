import { describe, expect, it } from 'vitest';
import { sessionSchema } from '../contract/session.ts';
import { migrateManifest } from './migrations.ts';

const mask = { id: 'result-1', name: 'vacuum', operation: 'threshold_mask', algorithm: null, parameters: {} };
const svd = (parameters: object) => ({
  ...{ id: 'result-2', name: 'svd', operation: 'decomposition', algorithm: 'SVD' },
  parameters: { output_dimension: 3, ...parameters },
});
const manifest = (results: unknown[], more: object = {}) => ({
  ...{ eigenscope: 1, version: '0.1.0', line: 4, done: [], undone: [] },
  session: { schema: 1, name: 's', datasets: [{ id: 'data-1', name: 'edges' }], results, bin: [] },
  ...more,
});
const parametersOf = (json: unknown): unknown[] =>
  migrateManifest(json, 'manifest.json').manifest.session.results.map(({ parameters }) => parameters);

describe('a manifest of schema 1', () => {
  it('names results and data by their ids, where a recipe had written its own names', () => {
    const named = svd({ navigation_mask: 'vacuum', signal_mask: 'edges' });
    expect(parametersOf(manifest([mask, named]))[1]).toEqual({
      output_dimension: 3,
      navigation_mask: 'result-1',
      signal_mask: 'data-1',
    });
  });

  it('of the window stays as it is but for its number', () => {
    const json = manifest([mask, svd({ navigation_mask: 'result-1' })]);
    const { manifest: now, newer } = migrateManifest(json, 'manifest.json');
    expect(newer).toBe(false);
    expect(now).toEqual({ ...json, session: { ...json.session, schema: sessionSchema } });
  });

  it('keeps a name that nothing has, and results of an algorithm that is unknown here', () => {
    const lost = svd({ navigation_mask: 'gone' });
    const strange = { ...svd({ navigation_mask: 'vacuum' }), algorithm: 'Zauberei' };
    expect(parametersOf(manifest([mask, lost, strange])).slice(1)).toEqual([lost.parameters, strange.parameters]);
  });

  it.each([null, 7, {}, { id: 'x' }, { ...mask, parameters: null }])('with the result %j is not changed', (odd) => {
    const json = manifest([odd]);
    expect(migrateManifest(json, 'manifest.json').manifest.session.results).toEqual([odd]);
  });

  it.each([null, [], { results: 7 }])('whose session is %j is refused', (session) => {
    expect(() => migrateManifest(manifest([], { session }), 'manifest.json')).toThrow(/“session\.datasets” is missing/);
  });
});

it('a manifest of a later schema is known as newer', () => {
  expect(migrateManifest({ ...manifest([mask]), eigenscope: sessionSchema + 1 }, 'm').newer).toBe(true);
});
