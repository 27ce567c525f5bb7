import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  command,
  messages,
  navigator,
  openFile,
  openSample,
  openWizard,
  ready,
  sampleName,
  step,
  tree,
  wizard,
} from './harness/person.ts';
import { expectAccessible } from './harness/axe.ts';
import { describeWindow } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* Masks that a person paints on the map, and the picture of a mask by threshold while its form is filled in. */

/** Answers come from other threads, which may be busy. */
const soon = { timeout: 15_000 };

/** The sample has 96 × 72 pixels. */
const [columns, rows] = [96, 72];

/** A line scan of 40 positions, bright in the middle: float64 in NumPy's format 1.0 (NEP 1). */
function lineScan(): Buffer {
  const [positions, channels] = [40, 16];
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${positions}, ${channels}), }`;
  const padded = header.padEnd(128 - 10 - 1, ' ') + '\n';
  const lead = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  const values = Float64Array.from({ length: positions * channels }, (_, i) =>
    Math.abs(Math.floor(i / channels) - 20) < 8 ? 10 : 1,
  );
  return Buffer.concat([lead, Buffer.from(padded, 'latin1'), Buffer.from(values.buffer)]);
}

describeWindow('masks that are painted', (open) => {
  let home: string;
  let window: OpenedWindow;
  let page: Page;
  const map = (): Locator => navigator(page);
  const foot = (): Locator => page.getByRole('form', { name: 'Painted mask' });
  const tools = (): Locator => page.getByRole('toolbar', { name: 'Painting' });
  const row = (name: string): Locator => tree(page).getByRole('treeitem', { name: new RegExp(`^${name}( |$)`) });
  /** Pixels that are painted, as a screen reader hears it. */
  const painted = async (): Promise<number> =>
    Number((await foot().getByRole('status').innerText()).split(' of ')[0]?.replace(/\D/g, ''));
  const place = async (column: number, line: number): Promise<[number, number]> => {
    const box = (await map().boundingBox())!;
    return [box.x + ((column + 0.5) * box.width) / columns, box.y + ((line + 0.5) * box.height) / rows];
  };
  /** From pixel to pixel, in one movement of the mouse each. */
  async function drag(...places: readonly (readonly [column: number, line: number])[]): Promise<void> {
    await page.mouse.move(...(await place(...places[0]!)));
    await page.mouse.down();
    for (const next of places.slice(1)) await page.mouse.move(...(await place(...next)));
    await page.mouse.up();
  }
  async function setRadius(radius: number): Promise<void> {
    const field = tools().getByRole('spinbutton', { name: 'Radius in pixels' });
    await field.fill(String(radius));
    await field.press('Tab');
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'eigenscope-paint-'));
    writeFileSync(join(home, 'line.npy'), lineScan());
    window = await open({ folder: home, data: join(home, '.settings'), reducedMotion: 'reduce' });
    page = window.page;
    await ready(page);
    await openSample(page);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => window.screenshot('failed-paint'));
  });
  afterAll(async () => {
    await window.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('begin with B on the map, with nothing, and stop with Escape without a question', async () => {
    await map().focus();
    await page.keyboard.press('b');
    await foot().waitFor();
    expect(await painted()).toBe(0);
    const save = foot().getByRole('button', { name: 'Save as mask' });
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    expect(await save.getAttribute('title')).toMatch(/Nothing is painted yet/);
    await page.keyboard.press('Escape');
    await foot().waitFor({ state: 'detached' });
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('take a fast stroke without gaps, and every stroke back and again', async () => {
    await command(page, 'Paint mask');
    await foot().waitFor();
    await setRadius(0);
    // one straight line of single pixels, and a slanted one that is as long as its longer side
    await drag([10, 5], [80, 5]);
    await expect.poll(painted).toBe(71);
    await drag([10, 20], [60, 45]);
    await expect.poll(painted).toBe(71 + 51);
    await setRadius(2);
    await drag([20, 60], [20, 60]);
    // a disc of 5 × 5 pixels without its corners
    await expect.poll(painted).toBe(122 + 21);
    await map().focus();
    await page.keyboard.press('Control+z');
    await expect.poll(painted).toBe(122);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(painted).toBe(0);
    await page.keyboard.press('Control+z');
    // the project is as it was: its data are still there
    expect(await row(sampleName).count()).toBe(1);
    for (let step = 0; step < 3; step++) await page.keyboard.press('Control+Shift+z');
    await expect.poll(painted).toBe(143);
    await window.screenshot('paint-strokes');
  });

  it('are erased with Alt, or when that is chosen; inverted and cleared', async () => {
    await page.keyboard.down('Alt');
    await drag([20, 60], [20, 60]);
    await page.keyboard.up('Alt');
    await expect.poll(painted).toBe(122);
    await map().focus();
    await page.keyboard.press('e');
    expect(await tools().getByRole('button', { name: 'Erase' }).getAttribute('aria-pressed')).toBe('true');
    await drag([45, 5], [45, 5]);
    await expect.poll(painted).toBe(117);
    await page.keyboard.press('e');
    await tools().getByRole('button', { name: 'Invert the painting' }).click();
    await expect.poll(painted).toBe(columns * rows - 117);
    await tools().getByRole('button', { name: 'Clear the painting' }).click();
    await expect.poll(painted).toBe(0);
    await tools().getByRole('button', { name: 'Undo in the painting' }).click();
    await tools().getByRole('button', { name: 'Undo in the painting' }).click();
    await expect.poll(painted).toBe(117);
    await expectAccessible(page, 'painting');
  });

  it('are painted by keys alone: arrows move, Space paints along its way, Delete erases', async () => {
    await tools().getByRole('button', { name: 'Clear the painting' }).click();
    await map().focus();
    for (let press = 0; press < 2; press++) await page.keyboard.press('[');
    expect(await tools().getByRole('spinbutton', { name: 'Radius in pixels' }).inputValue()).toBe('0');
    await page.keyboard.press('Space');
    await expect.poll(painted).toBe(1);
    await page.keyboard.down('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.up('Space');
    await expect.poll(painted).toBe(12);
    await page.keyboard.press('Delete');
    await expect.poll(painted).toBe(11);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press(']');
    await page.keyboard.press('Space');
    // 3 × 3 around a pixel below the line: three of its pixels were painted already
    await expect.poll(painted).toBe(11 + 9 - 3);
  });

  it('take rectangles and lassos', async () => {
    await tools().getByRole('button', { name: 'Clear the painting' }).click();
    await tools().getByRole('button', { name: 'Rectangle' }).click();
    await drag([60, 10], [79, 29]);
    await expect.poll(painted).toBe(400);
    await tools().getByRole('button', { name: 'Lasso' }).click();
    await drag([10, 40], [50, 40], [50, 60], [10, 60]);
    await expect.poll(painted).toBeGreaterThan(400 + 39 * 19);
    await expect.poll(painted).toBeLessThan(400 + 42 * 22);
    await page.keyboard.press('Control+z');
    await expect.poll(painted).toBe(400);
  });

  it('become a mask among the results that undo takes away and that a run leaves out', async () => {
    await foot().getByRole('textbox', { name: 'Name of the mask' }).fill('Hand made');
    await map().focus();
    await page.keyboard.press('Control+Enter');
    await foot().waitFor({ state: 'detached' });
    await row('Hand made').waitFor();
    await messages(page).getByText('Hand made leaves out 400 px.').waitFor();
    await page.keyboard.press('Control+z');
    await row('Hand made').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Shift+z');
    await row('Hand made').waitFor();

    await openWizard(page);
    await step(page, 'Data').click();
    const mask = wizard(page).getByRole('combobox', { name: 'Leave out pixels' });
    await mask.selectOption({ label: 'Hand made' });
    await expect.poll(() => wizard(page).innerText(), soon).toMatch(/400 of 6\s912/);
    await page.keyboard.press('Escape');
  });

  it('begin with a mask that is there, and ask before they are lost', async () => {
    await command(page, 'Paint mask');
    await foot().getByRole('combobox', { name: 'Start from' }).selectOption({ label: 'Hand made' });
    await expect.poll(painted).toBe(400);
    // what is not changed is not asked about
    await page.keyboard.press('Escape');
    await foot().waitFor({ state: 'detached' });

    await row('Hand made').hover();
    await row('Hand made')
      .getByRole('button', { name: /^What can be done/ })
      .click();
    await page.getByRole('menuitem', { name: 'Paint on this mask…' }).click();
    await expect.poll(painted).toBe(400);
    await setRadius(0);
    await drag([2, 2], [2, 2]);
    await expect.poll(painted).toBe(401);
    await foot().getByRole('button', { name: 'Keep only' }).click();
    expect(await foot().getByRole('textbox', { name: 'Name of the mask' }).getAttribute('placeholder')).toBe(
      'Only 401 px',
    );
    await map().focus();
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog', { name: 'Stop painting?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await painted()).toBe(401);
    await foot().getByRole('button', { name: 'Save as mask' }).click();
    await row('Only 401 px').waitFor();
    await messages(page).getByText(`Only 401 px leaves out 6\u2009511 px.`).waitFor();
  });

  it('lie over a line scan as well', async () => {
    await openFile(window, 'line.npy');
    await page.getByRole('application', { name: /^Navigator of line/ }).waitFor();
    await map().focus();
    await page.keyboard.press('b');
    await foot().waitFor();
    await setRadius(1);
    await map().focus();
    await page.keyboard.press('Space');
    await expect.poll(painted).toBe(3);
    await page.keyboard.down('Space');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.up('Space');
    await expect.poll(painted).toBe(13);
    const box = (await map().boundingBox())!;
    await page.mouse.move(box.x + 0.7 * box.width, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.9 * box.width, box.y + box.height / 2);
    await page.mouse.up();
    await expect.poll(painted).toBeGreaterThan(18);
    await expectAccessible(page, 'line scan');
    await window.screenshot('paint-line');
  });

  it('wait while one looks at other data, and are asked about before those are painted on', async () => {
    const before = await painted();
    await row(sampleName).click();
    await page.getByRole('application', { name: new RegExp(`^Navigator of ${sampleName}`) }).waitFor();
    expect(await foot().count()).toBe(0);
    await map().focus();
    await page.keyboard.press('b');
    const question = page.getByRole('dialog', { name: 'Stop painting?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await foot().count()).toBe(0);
    await row('line').click();
    await foot().waitFor();
    await expect.poll(painted).toBe(before);
    await tools().getByRole('button', { name: 'Clear the painting' }).click();
    await map().focus();
    await page.keyboard.press('Escape');
    await foot().waitFor({ state: 'detached' });
    expect(window.problems).toEqual([]);
  });

  it('by threshold are shown with their number while the limits are typed', async () => {
    await row(sampleName).click();
    await command(page, 'Prepare: Mask by threshold…');
    const panel = page.getByRole('region', { name: /^Prepare / });
    const preview = panel.getByRole('region', { name: 'Preview' });
    const leftOut = async (): Promise<number> => {
      const words = await preview.getByRole('status').innerText();
      return Number(/leaves out (.*) of 6\s912 pixels/.exec(words)?.[1]?.replace(/\D/g, '') ?? Number.NaN);
    };
    await expect.poll(leftOut, soon).toBeGreaterThan(1000);
    await preview.getByRole('application', { name: /^Sums of core-shell-particles; the mask leaves out/ }).waitFor();
    const otsu = await leftOut();
    await expectAccessible(page, 'threshold');
    await window.screenshot('paint-threshold');

    await panel.getByRole('combobox', { name: 'Threshold' }).selectOption({ label: 'A share of the pixels' });
    await panel.getByRole('textbox', { name: 'Share' }).fill('0.25');
    await expect.poll(leftOut, soon).toBeGreaterThan(1600);
    await expect.poll(leftOut, soon).toBeLessThanOrEqual(1728);
    await panel.getByRole('combobox', { name: 'Threshold' }).selectOption({ label: 'A value' });
    await panel.getByRole('textbox', { name: 'Value' }).fill('1000000');
    const problem = panel.locator('[data-param="threshold"] .error');
    await expect.poll(() => problem.innerText(), soon).toMatch(/nothing would be left/);
    const apply = panel.getByRole('button', { name: /^Apply/ });
    expect(await apply.getAttribute('aria-disabled')).toBe('true');
    await panel.getByRole('textbox', { name: 'Value' }).fill('400');
    await expect.poll(leftOut, soon).toBeGreaterThan(10);
    expect(await leftOut()).not.toBe(otsu);
    // the threshold is a handle in the histogram too; dragged, it is a value
    await panel.getByRole('combobox', { name: 'Threshold' }).selectOption({ label: 'By itself (Otsu)' });
    await expect.poll(leftOut, soon).toBe(otsu);
    await preview.getByRole('slider', { name: 'Threshold of the sums' }).focus();
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(leftOut, soon).toBeGreaterThan(otsu);
    expect(Number(await panel.getByRole('textbox', { name: 'Value' }).inputValue())).toBeGreaterThan(600);
    const byValue = await leftOut();

    // the mask that is made is the one that was shown
    await apply.click();
    await page.getByText('Mask by threshold is ready.').waitFor();
    await row('Mask by threshold').click();
    await expect
      .poll(() => page.getByRole('region', { name: 'Mask Mask by threshold' }).innerText(), soon)
      .toMatch(new RegExp(`leaves out ${byValue.toLocaleString('en').replace(',', '\\s')} of`));
    expect(window.problems).toEqual([]);
  });

  it('go on by hand from what the threshold found', async () => {
    await page
      .getByRole('navigation', { name: 'Areas' })
      .getByRole('button', { name: 'Workspace', exact: true })
      .click();
    const preview = page.getByRole('region', { name: 'Preview' });
    const brush = preview.getByRole('button', { name: 'Paint on this mask' });
    await expect.poll(() => brush.getAttribute('aria-disabled'), soon).toBe('false');
    const words = await preview.getByRole('status').innerText();
    const count = Number(/leaves out (.*) of/.exec(words)?.[1]?.replace(/\D/g, ''));
    await brush.click();
    await expect.poll(painted).toBe(count);
    await page.keyboard.press('Control+z');
    await expect.poll(painted).toBe(0);
    await foot().getByRole('button', { name: 'Cancel' }).click();
    await foot().waitFor({ state: 'detached' });
    expect(window.problems).toEqual([]);
  });
});
