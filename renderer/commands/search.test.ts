import { describe, expect, it } from 'vitest';
import { searchList } from './search.ts';

const titles = ['Open files…', 'Open project…', 'Undo', 'Save project as…', 'Set scale…', 'Show shortcuts'];
const found = (query: string): string[] => searchList(query, titles, (t) => t);

describe('searchList', () => {
  it('puts beginnings first, then words, then letters in order', () => {
    expect(found('open')).toEqual(['Open files…', 'Open project…']);
    expect(found('project')).toEqual(['Open project…', 'Save project as…']);
    expect(found('project save')[0]).toBe('Save project as…');
    expect(found('sc')[0]).toBe('Set scale…');
  });
  it('gives everything for nothing, and nothing for what is not there', () => {
    expect(found('')).toEqual(titles);
    expect(found('xyz')).toEqual([]);
    expect(found('(')).toEqual([]);
  });
});
