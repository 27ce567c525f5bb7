import { expect, it } from 'vitest';
import { allAlgorithms } from '../../workers/specs/registry.ts';
import { helpPageOf, helpPages } from './help-pages.ts';
import { parseMarkdown } from './parse-markdown.ts';

it('every algorithm has a page that begins with its title', () => {
  expect(helpPages.map((page) => page.spec.id)).toEqual(allAlgorithms.map((spec) => spec.id));
  for (const page of helpPages)
    expect(parseMarkdown(page.text)[0], page.spec.id).toMatchObject({ kind: 'heading', level: 1 });
});

it('an unknown algorithm has none', () => {
  expect(helpPageOf('nothing')).toBeNull();
});
