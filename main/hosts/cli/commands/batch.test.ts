import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../../../contract/recipe.ts';
import { folderNames, withFile } from './batch.ts';

describe('a batch', () => {
  it('gives every file a folder of its own, also when names repeat or differ in case alone', () => {
    expect(folderNames(['a/map.dm4', 'b/map.dm4', 'b/Map.hspy', 'c/other.npy'])).toEqual([
      'map',
      'map-2',
      'Map-3',
      'other',
    ]);
  });
  it('replaces the first input and keeps the masks', () => {
    const recipe = parseRecipe({
      eigenscope: 1,
      inputs: { si: { file: 'x.dm4', signal: 1 }, mask: { file: 'm.npy' } },
      steps: [{ id: 's', do: 'decomposition', of: 'si' }],
    });
    expect(withFile(recipe, '/data/y.dm4').inputs).toEqual({
      si: { file: '/data/y.dm4', signal: 1 },
      mask: { file: 'm.npy', signal: 0 },
    });
  });
});
