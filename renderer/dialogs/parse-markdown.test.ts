import { expect, it } from 'vitest';
import { parseMarkdown, parseSpans } from './parse-markdown.ts';

it('joins the lines of a paragraph and of a list item', () => {
  expect(parseMarkdown('One\ntwo.\n\n- a\n  b\n- c\n')).toEqual([
    { kind: 'paragraph', spans: [{ kind: 'text', text: 'One two.' }] },
    { kind: 'list', isNumbered: false, items: [[{ kind: 'text', text: 'a b' }], [{ kind: 'text', text: 'c' }]] },
  ]);
});

it('knows headings, numbered lists and code that is left as it is', () => {
  expect(parseMarkdown('## Use\n1. first\n2. second\n\n```\n**x**\n```')).toEqual([
    { kind: 'heading', level: 2, spans: [{ kind: 'text', text: 'Use' }] },
    {
      kind: 'list',
      isNumbered: true,
      items: [[{ kind: 'text', text: 'first' }], [{ kind: 'text', text: 'second' }]],
    },
    { kind: 'code', text: '**x**' },
  ]);
});

it('tells code, bold and emphasis in a line apart, and leaves a lone star alone', () => {
  expect(parseSpans('a `b*c*` **d** *e* 2 * 3')).toEqual([
    { kind: 'text', text: 'a ' },
    { kind: 'code', text: 'b*c*' },
    { kind: 'text', text: ' ' },
    { kind: 'bold', text: 'd' },
    { kind: 'text', text: ' ' },
    { kind: 'emphasis', text: 'e' },
    { kind: 'text', text: ' 2 * 3' },
  ]);
});

it('takes underscores around words for emphasis, but not those in a name', () => {
  expect(parseSpans('_Model of_ a_b_c')).toEqual([
    { kind: 'emphasis', text: 'Model of' },
    { kind: 'text', text: ' a_b_c' },
  ]);
});

it('keeps markup as text', () => {
  expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([
    { kind: 'paragraph', spans: [{ kind: 'text', text: '<img src=x onerror=alert(1)>' }] },
  ]);
});

it('ends with code that is never closed', () => {
  expect(parseMarkdown('```\nx')).toEqual([{ kind: 'code', text: 'x' }]);
});
