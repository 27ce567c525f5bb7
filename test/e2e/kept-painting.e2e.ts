import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  chooseFile,
  command,
  messages,
  navigator,
  openSample,
  patienceMs,
  ready,
  sampleName,
  saveAs,
  seeData,
  tree,
} from './harness/person.ts';
import { describeWindow } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* A painting that is no mask yet: it is there again when the window is, as everything else that was made. */

/** The sample has 96 × 72 pixels. */
const columns = 96;

/** Runs of pixels of the one mask of a project: bytes after the header of NumPy's format 1.0 (NEP 1). */
function runsOfMask(project: string): { start: number; length: number }[] {
  const results = join(project, 'results');
  const [only, ...others] = readdirSync(results);
  if (only === undefined || others.length > 0) throw new Error('There must be one result.');
  const file = readFileSync(join(results, only, 'navigation_mask.npy'));
  const bytes = [...file.subarray(10 + file.readUInt16LE(8))];
  return bytes.flatMap((value, start) =>
    value === 1 && bytes[start - 1] !== 1
      ? [{ start, length: [...bytes.slice(start), 0].findIndex((next) => next !== 1) }]
      : [],
  );
}

describeWindow('a painting that is under way', (open) => {
  let home: string;
  let window: OpenedWindow;
  let page: Page;
  const foot = (): Locator => page.getByRole('form', { name: 'Painted mask' });
  const tools = (): Locator => page.getByRole('toolbar', { name: 'Painting' });
  const row = (name: string): Locator => tree(page).getByRole('treeitem', { name: new RegExp(`^${name}( |$)`) });
  const name = (): Locator => foot().getByRole('textbox', { name: 'Name of the mask' });
  /** Pixels that are painted, as a screen reader hears it. */
  const painted = async (): Promise<number> =>
    Number((await foot().getByRole('status').innerText()).split(' of ')[0]?.replace(/\D/g, ''));
  /** By keys alone: a line of single pixels to the right of the cursor. */
  async function paintLine(): Promise<void> {
    await navigator(page).focus();
    await page.keyboard.down('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.up('Space');
  }
  async function openWindow(): Promise<void> {
    window = await open({ folder: home, data: join(home, '.settings'), reducedMotion: 'reduce' });
    page = window.page;
    page.setDefaultTimeout(patienceMs);
  }
  const here = async (): Promise<void> => {
    await seeData(page, sampleName);
    await foot().waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  };

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'eigenscope-kept-'));
    await openWindow();
    await ready(page);
    await openSample(page);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => void (await page.screenshot({ path: 'test/output/failed-kept-painting.png' })));
  });
  afterAll(async () => {
    await window.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('is there after the page was loaded again, in the moment after the stroke', async () => {
    await navigator(page).focus();
    await page.keyboard.press('b');
    await foot().waitFor();
    await tools().getByRole('spinbutton', { name: 'Radius in pixels' }).fill('0');
    await page.keyboard.press('Tab');
    await paintLine();
    await expect.poll(painted).toBe(11);
    await name().fill('Two strokes');
    await page.reload();
    await here();
    await expect.poll(painted).toBe(11);
    await expect.poll(() => name().inputValue()).toBe('Two strokes');
    expect(await tools().getByRole('spinbutton', { name: 'Radius in pixels' }).inputValue()).toBe('0');
  });

  it('is there after the page was closed and opened again, with its way back', async () => {
    if (window.answerDialogs === null) {
      const address = page.url();
      const browser = page.context().browser()!;
      const storageState = await page.context().storageState();
      await page.close();
      page = await browser.newPage({ storageState, viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
      page.setDefaultTimeout(patienceMs);
      await page.goto(address);
      window = { ...window, page };
      await here();
      await expect.poll(painted).toBe(11);
    }
    await navigator(page).focus();
    await page.keyboard.press('Control+z');
    await expect.poll(painted).toBe(0);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(painted).toBe(11);
  });

  it('stays with its project while another one is open', async () => {
    const path = await saveAs(window, () => command(page, 'Save project as'), 'Painted.eigenproject');
    await command(page, 'New project');
    await ready(page);
    await openSample(page);
    expect(await foot().count()).toBe(0);
    await chooseFile(window, () => command(page, 'Open a project'), 'Painted.eigenproject');
    await here();
    await expect.poll(painted).toBe(11);
    // runs, not pixels
    const kept = readFileSync(join(path, 'layout.json'), 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ painting: { dataset: expect.any(String) } });
    expect(kept.length).toBeLessThan(4000);
  });

  it('goes on after the application was ended, and is saved with both strokes', async () => {
    await window.close();
    await openWindow();
    await ready(page);
    await chooseFile(window, () => command(page, 'Open a project'), 'Painted.eigenproject');
    await here();
    await expect.poll(painted).toBe(11);
    await navigator(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await paintLine();
    await expect.poll(painted).toBe(22);
    await page.keyboard.press('Control+Enter');
    await row('Two strokes').waitFor();
    await messages(page).getByText('Two strokes leaves out 22 px.').waitFor();
    await foot().waitFor({ state: 'detached' });

    // two lines of eleven pixels, the second two rows further down from where the first one ended
    const [first, second, ...more] = runsOfMask(join(home, 'Painted.eigenproject'));
    expect(more).toEqual([]);
    expect([first!.length, second!.length]).toEqual([11, 11]);
    expect(second!.start - first!.start).toBe(2 * columns + 10);

    await row('Two strokes').click();
    await page.getByRole('region', { name: 'Mask Two strokes' }).waitFor();
    await page.reload();
    await page.getByRole('region', { name: 'Mask Two strokes' }).waitFor();
    await page
      .getByRole('navigation', { name: 'Areas' })
      .getByRole('button', { name: 'Workspace', exact: true })
      .click();
    await seeData(page, sampleName);
    // what has become a mask is not painted any more
    expect(await foot().count()).toBe(0);
    expect(window.problems).toEqual([]);
  });
});
