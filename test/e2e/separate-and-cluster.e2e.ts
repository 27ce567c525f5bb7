import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { command, decompose, openSample, ready, resultBar, sampleName, tab, tree } from './harness/person.ts';
import { describeWindow } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* From a decomposition to sources and groups of pixels, by the keys of the two wizards. */

describeWindow('separation and clusters', (open) => {
  let home: string;
  let window: OpenedWindow;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'eigenscope-sources-'));
    window = await open({ folder: home, data: join(home, '.settings') });
    await window.page.getByRole('main').waitFor();
    await ready(window.page);
    await openSample(window.page);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => window.screenshot('failed-separate-and-cluster'));
  });
  afterAll(async () => {
    await window.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('say why there is nothing to separate before the first decomposition', async () => {
    const { page } = window;
    const button = page.getByRole('toolbar', { name: 'Main' }).getByRole('button', { name: 'Separate' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await expect.poll(() => button.getAttribute('title')).toMatch(/Decompose core-shell-particles first/);
  });

  it('separate as many components of a decomposition as were kept in its view', async () => {
    const { page } = window;
    await decompose(page, { question: /Counting noise/, name: 'Scaled' });
    const cut = page.getByRole('slider', { name: 'Components to keep' });
    await cut.focus();
    await page.keyboard.press('Home');
    for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Control+Shift+B');
    const panel = page.getByRole('region', { name: 'Separate Scaled' });
    await panel.waitFor();
    await panel.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Settings' }).click();
    await expect.poll(() => panel.getByRole('textbox', { name: 'Components', exact: true }).inputValue()).toBe('4');
    await panel.getByText('nothing in the way').waitFor();
    await page.keyboard.press('Control+r');
    await resultBar(page, 'FastICA 4').waitFor({ timeout: 60_000 });
    const sources = page.getByRole('listbox', { name: 'Components' });
    await expect.poll(() => sources.getByRole('option').count()).toBe(4);
    await expect.poll(() => sources.innerText()).toMatch(/stable\s+[01]\.\d\d/);
    // the sources span what the four components span, so they leave what these leave
    const model = page.getByRole('region', { name: 'Model and residual' });
    const left = async (): Promise<string> => /leaves\s+([\d.]+)/.exec(await model.innerText())?.[1] ?? '';
    await expect.poll(left).toMatch(/\d/);
    const separated = await left();
    await tree(page)
      .getByRole('treeitem', { name: /^Scaled/ })
      .click();
    await resultBar(page, 'Scaled').waitFor();
    await page.getByRole('spinbutton', { name: 'k =' }).fill('4');
    await page.keyboard.press('Enter');
    await expect.poll(left).toBe(separated);
    expect(window.problems).toEqual([]);
  });

  it('draw the sources as a figure', async () => {
    const { page } = window;
    await tree(page)
      .getByRole('treeitem', { name: /^FastICA 4/ })
      .click();
    await resultBar(page, 'FastICA 4').getByRole('button', { name: 'Make a figure' }).click();
    await page.getByRole('img', { name: 'FastICA 4, loadings' }).waitFor();
    // sources have no shares in order, so there is no scree to draw
    const kinds = page.getByRole('radiogroup', { name: 'Kind of figure' }).getByRole('radio');
    await expect.poll(() => kinds.count()).toBe(2);
    await tab(page, 'Results').click();
    expect(window.problems).toEqual([]);
  });

  it('group pixels by the separated loadings', async () => {
    const { page } = window;
    await tree(page)
      .getByRole('treeitem', { name: /^FastICA 4/ })
      .click();
    await resultBar(page, 'FastICA 4').waitFor();
    await page.keyboard.press('Control+Shift+K');
    const panel = page.getByRole('region', { name: `Cluster ${sampleName}` });
    await panel.waitFor();
    const origin = panel.getByRole('combobox', { name: 'Compare pixels by' });
    await expect
      .poll(() => origin.evaluate((one) => (one as HTMLSelectElement).selectedOptions[0]?.text))
      .toBe('FastICA 4');
    await panel.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Settings' }).click();
    await panel.getByRole('textbox', { name: 'Clusters' }).fill('4');
    await panel.getByText('nothing in the way').waitFor();
    await page.keyboard.press('Control+r');
    await resultBar(page, 'k-means 4').waitFor({ timeout: 60_000 });
    await page.getByRole('region', { name: /^Cluster spectra/ }).waitFor();
    expect(window.problems).toEqual([]);
  });

  it('compare numbers of clusters in the wizard, where a suggestion is taken with one press', async () => {
    const { page } = window;
    await tree(page)
      .getByRole('treeitem', { name: /^Scaled/ })
      .click();
    await command(page, 'Cluster…');
    const panel = page.getByRole('region', { name: `Cluster ${sampleName}` });
    await panel.waitFor();
    await panel.getByRole('button', { name: 'Compare numbers…' }).click();
    await panel.getByRole('textbox', { name: 'Most clusters' }).fill('6');
    await panel.getByText('nothing in the way').waitFor();
    await panel.getByRole('button', { name: /^Run/ }).click();
    await panel.getByRole('img', { name: /^Gap statistic for 1 to 6 clusters.*It suggests \d/ }).waitFor({
      timeout: 60_000,
    });
    const take = panel.getByRole('button', { name: /^suggests \d/ });
    const suggested = /\d+/.exec(await take.innerText())?.[0] ?? '';
    await take.click();
    await expect.poll(() => panel.getByRole('textbox', { name: 'Clusters' }).inputValue()).toBe(suggested);
    expect(window.problems).toEqual([]);
  });
});
