import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/* What axe finds wrong for those who do not see or use the window as most do. */

export interface Finding {
  impact: string;
  rule: string;
  where: string;
}

export interface ThemedFinding extends Finding {
  theme: string;
}

const themes = ['light', 'dark', 'contrast'] as const;

/** What axe finds in the page as it is shown now. */
export async function findings(page: Page, screen: string): Promise<Finding[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const { violations, passes } = (await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }),
  )) as AxeResults;
  // a check that looked at nothing finds nothing
  expect(passes.length, screen).toBeGreaterThan(15);
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, html }) => ({
      impact: impact ?? 'minor',
      rule: id,
      where: `${target.join(' ')}  ${html.slice(0, 110)}`,
    })),
  );
}

/** Every theme one after the other; the one that was set before is set again. */
export async function findingsInThemes(page: Page, screen: string): Promise<ThemedFinding[]> {
  const own = await page.evaluate(() => document.documentElement.dataset['theme'] ?? '');
  const found: ThemedFinding[] = [];
  for (const theme of themes) {
    await page.evaluate((next) => {
      document.documentElement.dataset['theme'] = next;
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }, theme);
    found.push(...(await findings(page, screen)).map((one) => ({ ...one, theme })));
  }
  await page.evaluate((next) => (document.documentElement.dataset['theme'] = next), own);
  return found;
}

/** No violation in any theme. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  expect(await findingsInThemes(page, screen), screen).toEqual([]);
}
