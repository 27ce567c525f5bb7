import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingsInThemes, type ThemedFinding } from './harness/axe.ts';
import { command, decompose, fillWizard, openSample, openWizard, ready, tab, wizard } from './harness/person.ts';
import { describeWindow } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* Every screen in every theme: no violation that axe knows, and no control that is off without a reason. */

interface Finding extends ThemedFinding {
  screen: string;
}

/** Controls that are off and do not say why: neither in the tooltip nor to a screen reader. */
const withoutReason = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[aria-disabled="true"], :disabled')]
      .filter((element) => element.checkVisibility() && element.tagName !== 'OPTION')
      .filter((element) => {
        const described = (element.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent ?? '')
          .join('')
          .trim();
        const title = element.closest('[title]')?.getAttribute('title') ?? '';
        // in the palette the reason stands in the entry itself
        const written =
          element.getAttribute('role') === 'option' ? (element.querySelector('.note')?.textContent ?? '') : '';
        // a name or a shortcut is no reason: a sentence is
        return ![described, title, written].some((text) => /[^\s.]+(\s[^\s.]+){2,}.*\.\s*$/m.test(text.trim()));
      })
      .map((element) => element.outerHTML.slice(0, 160)),
  );

describeWindow('accessibility', (open) => {
  let window: OpenedWindow;
  const found: Finding[] = [];
  const silent: string[] = [];
  const looked: string[] = [];

  /** Looks at the screen that is shown, in each theme. */
  async function look(screen: string): Promise<void> {
    const { page } = window;
    looked.push(screen);
    found.push(...(await findingsInThemes(page, screen)).map((one) => ({ ...one, screen })));
    silent.push(...(await withoutReason(page)).map((html) => `${screen}: ${html}`));
  }
  /** Looks at a list while nothing in it has the name that is looked for. */
  async function lookForNothing(field: string | RegExp, screen: string): Promise<void> {
    const input = window.page.getByRole('dialog').getByLabel(field);
    await input.fill('no such name');
    await window.page.getByText(/^(No name here contains|Nothing is called that)/).waitFor();
    await look(screen);
    await input.fill('');
    await window.page.getByRole('dialog').getByRole('option').first().waitFor();
  }
  const check = (screen: string): void => {
    const here = found.filter((one) => one.screen === screen);
    const lines = (list: readonly Finding[]): string[] => [
      ...new Set(list.map((one) => `${one.impact} ${one.rule} (${one.theme}): ${one.where}`)),
    ];
    const grave = here.filter((one) => one.impact === 'serious' || one.impact === 'critical');
    const light = here.filter((one) => !grave.includes(one));
    if (light.length > 0) console.log(`${screen}:\n  ${lines(light).join('\n  ')}`);
    expect(lines(grave)).toEqual([]);
    expect(lines(light)).toEqual([]);
    expect(silent.filter((line) => line.startsWith(`${screen}: `))).toEqual([]);
    expect(window.problems).toEqual([]);
  };

  beforeAll(async () => {
    // colours that are still changing are not the colours of the theme
    window = await open({ reducedMotion: 'reduce' });
    await ready(window.page);
  });
  afterAll(() => window.close());

  it('of the start page', async () => {
    await look('home');
    check('home');
  });

  it('of the workspace', async () => {
    await openSample(window.page);
    await look('workspace');
    check('workspace');
  });

  it('of the wizard, in each step', async () => {
    const { page } = window;
    await openWizard(page);
    await fillWizard(page, { components: '9999' });
    await wizard(page)
      .getByText(/1 to 512/)
      .first()
      .waitFor();
    await look('wizard with a problem');
    await wizard(page).getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: /Data/ }).click();
    await look('wizard');
    await fillWizard(page, { components: '5' });
    await page.keyboard.press('Escape');
    check('wizard');
    check('wizard with a problem');
  });

  it('of the results', async () => {
    const { page } = window;
    await decompose(page, { question: /Counting noise/, components: '70', name: 'One' });
    await page.getByText('The first 64 of 70').waitFor();
    await look('results');
    check('results');
  });

  it('of the comparison', async () => {
    const { page } = window;
    await tab(page, 'Compare').click();
    await page.getByRole('heading', { name: 'One more result is needed' }).waitFor();
    await look('compare with one');
    await tab(page, 'Workspace').click();
    await decompose(page, { question: /^How many/, components: '4', name: 'Two' });
    await tab(page, 'Compare').click();
    await page.getByRole('region', { name: 'Components side by side' }).waitFor();
    await look('compare');
    check('compare with one');
    check('compare');
  });

  it('of the figures', async () => {
    await tab(window.page, 'Figures').click();
    await window.page.getByRole('img', { name: /loadings$/ }).waitFor();
    await look('figures');
    check('figures');
  });

  it('of the dialogs', { timeout: 120_000 }, async () => {
    const { page } = window;
    await tab(page, 'Workspace').click();
    for (const [title, name] of [
      ['Open files', 'Open data or a project'],
      ['Set scale', /scale|axes/i],
      ['Show metadata', /^About /],
      ['Show deleted results', 'Bin'],
      ['Shortcuts', 'Shortcuts'],
      ['About Eigenscope', /^Eigenscope /],
    ] as const) {
      if (title === 'Open files' && window.answerDialogs !== null) continue;
      await command(page, title);
      await page.getByRole('dialog', { name }).waitFor();
      if (title === 'Open files') await lookForNothing(/^Filter the list/, 'dialog of an empty folder');
      await look(`dialog ${title}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Commands' }).waitFor();
    await look('dialog palette');
    await lookForNothing('Find a command, dataset or result', 'dialog palette, nothing found');
    await page.keyboard.press('Escape');
    for (const screen of looked.filter((one) => one.startsWith('dialog'))) check(screen);
  });
});
