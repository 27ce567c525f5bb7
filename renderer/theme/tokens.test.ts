import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrastRatio, relativeLuminance } from '../../workers/figure/lab.ts';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

/** The tokens of one theme, references to other tokens followed. */
function tokensOf(theme: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  const own = new Map([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((m) => [m[1] ?? '', (m[2] ?? '').trim()]));
  return new Map(
    [...own].map(([name, value]) => [name, own.get(/^var\(--([\w-]+)\)$/.exec(value)?.[1] ?? '') ?? value]),
  );
}

function luminance(colour: string): number {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
  if (hex === undefined) throw new Error(`not a plain colour: ${colour}`);
  const full = hex.length === 3 ? [...hex].map((d) => d + d).join('') : hex;
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16));
  return relativeLuminance(r, g, b);
}

const text: readonly [string, readonly string[]][] = [
  ['text', ['bg-app', 'bg-panel', 'bg-plot', 'bg-field', 'bg-raised', 'bg-hover', 'bg-active']],
  ['text-2', ['bg-app', 'bg-panel', 'bg-plot', 'bg-field', 'bg-raised', 'bg-hover']],
  ['accent-text', ['accent-soft', 'bg-panel', 'bg-raised']],
  ['on-accent', ['accent', 'accent-hover']],
  ['ok', ['bg-panel', 'bg-raised']],
  ['warn', ['bg-panel', 'bg-raised', 'bg-chrome']],
  ['danger', ['bg-panel', 'bg-raised', 'bg-plot']],
  ['text', ['ok-soft', 'warn-soft', 'danger-soft']],
];
const marks: readonly [string, readonly string[]][] = [
  ['accent', ['bg-plot', 'bg-panel', 'bg-chrome']],
  ['focus', ['bg-plot', 'bg-panel', 'bg-chrome', 'bg-raised']],
  ['line-strong', ['bg-field', 'bg-panel']],
  ['trace', ['bg-plot']],
  ['trace-2', ['bg-plot']],
  ['axis', ['bg-plot']],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((n): [string, readonly string[]] => [`cat-${n}`, ['bg-plot']]),
];

describe.each(['light', 'dark', 'contrast'])('the %s theme', (theme) => {
  const tokens = tokensOf(theme);
  const ratio = (a: string, b: string): number =>
    contrastRatio(luminance(tokens.get(a) ?? ''), luminance(tokens.get(b) ?? ''));
  it('writes with a contrast of at least 4.5 (WCAG 2.2, 1.4.3)', () => {
    for (const [ink, papers] of text) {
      for (const paper of papers) expect(ratio(ink, paper), `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
    }
  });
  it('draws marks and control borders with at least 3 (WCAG 2.2, 1.4.11)', () => {
    for (const [ink, papers] of marks) {
      for (const paper of papers) expect(ratio(ink, paper), `${ink} on ${paper}`).toBeGreaterThanOrEqual(3);
    }
  });
});
