import { describe, expect, it } from 'vitest';
import { importRules } from './import-rules.ts';
import { importsOf, readSources } from './source-files.ts';

const sources = readSources();
const isCode = (path: string): boolean => /\.(ts|mts|mjs|js|svelte)$/.test(path);
const isTest = (path: string): boolean => /(\.(test|e2e)|\/test-data)\.ts$/.test(path) || path.startsWith('test/');
const code = sources.filter(({ path }) => isCode(path) && !isTest(path));

describe('importsOf', () => {
  it('reads every way to write an import', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from '../b.ts';",
      "import 'side-effect';",
      'import {\n  c,\n  d,\n} from "./c.ts";',
      "export { e } from './e.ts';",
      "const f = await import('./f.ts');",
      "type G = import('./g.ts').G;",
      "new Worker(new URL('./h.ts', import.meta.url));",
      "  import Icon from './Icon.svelte';",
      "const text = 'no import';",
    ].join('\n');
    expect(importsOf({ path: 'main/x/y.ts', text }).sort()).toEqual(
      [
        'side-effect',
        'main/b.ts',
        ...['Icon.svelte', 'a.ts', 'c.ts', 'e.ts', 'f.ts', 'g.ts', 'h.ts'].map((n) => `main/x/${n}`),
      ].sort(),
    );
  });
});

describe.each(importRules)('$name', (rule) => {
  it('in every file', () => {
    const broken = code
      .filter(({ path }) => rule.applies(path))
      .flatMap((file) =>
        importsOf(file)
          .filter((imported) => !rule.allows(imported))
          .map((imported) => `${file.path} imports ${imported}`),
      );
    expect(broken).toEqual([]);
  });
});

it('the rules have files to look at', () => {
  for (const rule of importRules)
    expect(
      code.some(({ path }) => rule.applies(path)),
      rule.name,
    ).toBe(true);
});

describe('what pure code must not name', () => {
  const pureCode = code.filter(({ path }) => /^workers\/(linalg|algorithms|specs|model|figure)\//.test(path));

  it.each(['Math.random', 'Date.now', 'performance.now', 'process.', 'localStorage'])('%s', (word) => {
    const found = pureCode.filter(({ text }) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').includes(word));
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});

it('no file of the project names a folder of somebody’s machine', () => {
  const naming = (...folders: string[]): RegExp =>
    new RegExp(`(^|["'\`( =:])(/(${folders.join('|')})|C:\\\\Users)[\\\\/]\\w`, 'm');
  const inTests = naming('work', 'root', 'farm', 'Users');
  // a test may show a made-up home folder
  const elsewhere = naming('work', 'root', 'farm', 'Users', 'home');
  const found = sources.filter(
    ({ path, text }) =>
      !path.startsWith('test/structure/') && (path.startsWith('test/') ? inTests : elsewhere).test(text),
  );
  expect(found.map(({ path }) => path)).toEqual([]);
});
