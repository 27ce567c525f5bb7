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
    await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
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

  it('open again as they were left, whatever the elbow suggests', async () => {
    const { page } = window;
    await tree(page)
      .getByRole('treeitem', { name: /^FastICA 4/ })
      .click();
    await resultBar(page, 'FastICA 4').waitFor();
    await page.keyboard.press('Control+Shift+B');
    const panel = page.getByRole('region', { name: 'Separate Scaled' });
    await panel.waitFor();
    const components = panel.getByRole('textbox', { name: 'Components', exact: true });
    await expect.poll(() => components.inputValue()).toBe('4');
    // the bounds in the message are those in the field
    await components.fill('100000');
    await panel.getByText('Components must be from 1 to 512: Scaled has 512 components; got 100000.').first().waitFor();
    await components.fill('4');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
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

  it('say that spectra of a model are not those of the data', async () => {
    const { page } = window;
    const spectra = page.getByRole('region', { name: /^Cluster spectra/ });
    await spectra.getByText('Mean of the model in each cluster').waitFor();
    expect(window.problems).toEqual([]);
  });

  it('pick peaks with the mouse inside the range that bounds the fit', async () => {
    const { page } = window;
    await command(page, 'Fit peaks…');
    const panel = page.getByRole('region', { name: `Fit peaks of ${sampleName}` });
    await panel.waitFor();
    const plot = panel.getByRole('application', { name: /^Mean spectrum of/ });
    await plot.waitFor();
    const box = (await plot.boundingBox())!;
    const [left, right] = [box.x + 58, box.x + box.width - 12];
    // 512 channels of 0.02 keV
    const at = (keV: number): [number, number] => [left + ((right - left) * keV) / 10.22, box.y + box.height / 3];
    await page.mouse.move(...at(6.6));
    await page.mouse.down();
    await page.mouse.move(...at(8.8), { steps: 5 });
    await page.mouse.up();
    const range = panel.getByRole('slider', { name: 'Window as a whole' });
    await range.waitFor();
    await page.mouse.click(...at(7.48));
    const said = panel.getByRole('status');
    await expect.poll(() => said.allInnerTexts()).toContainEqual(expect.stringMatching(/^1 peak at 7\.[45]\d* keV/));
    // a drag moves the range and picks nothing
    const before = await range.getAttribute('aria-valuetext');
    await page.mouse.move(...at(7.2));
    await page.mouse.down();
    await page.mouse.move(...at(7.4), { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => range.getAttribute('aria-valuetext')).not.toBe(before);
    expect(await said.allInnerTexts()).toContainEqual(expect.stringMatching(/^1 peak at/));
    await panel.getByRole('button', { name: 'Clear' }).click();
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

  it('write the power of ten beside numbers that are too large for an axis', async () => {
    const { page } = window;
    const panel = page.getByRole('region', { name: `Cluster ${sampleName}` });
    await panel.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: 'Method' }).click();
    await panel.getByRole('radio', { name: /How many clusters/ }).check();
    await panel.getByRole('combobox', { name: 'Method' }).selectOption({ label: 'Number of Gaussian clouds' });
    await panel.getByText('nothing in the way').waitFor();
    await panel.getByRole('button', { name: /^Run/ }).click();
    const curve = panel.getByRole('figure').filter({ hasText: 'BIC of Gaussian mixtures' });
    // 6 912 pixels: the criterion is hundreds of thousands
    await expect.poll(() => curve.locator('svg').allTextContents()).toContainEqual(expect.stringMatching(/×10⁵/));
    expect(window.problems).toEqual([]);
  });

  it('are exported in a format that can be chosen, under a name that is given', async () => {
    const { page } = window;
    if (window.answerDialogs !== null) return;
    await tree(page)
      .getByRole('treeitem', { name: /^k-means 4/ })
      .click();
    await resultBar(page, 'k-means 4').getByRole('button', { name: 'Export…', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Export k-means 4' });
    const name = dialog.getByRole('textbox', { name: 'Name' });
    await dialog.getByRole('combobox', { name: 'Format' }).selectOption('csv');
    expect(await name.inputValue()).toBe('k-means 4.csv');
    await name.fill('  ');
    const save = dialog.getByRole('button', { name: 'Save', exact: true });
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    expect(await save.getAttribute('title')).toMatch(/Give the file a name/);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(window.problems).toEqual([]);
  });
});
