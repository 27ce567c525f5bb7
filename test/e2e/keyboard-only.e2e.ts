import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { focused, palette, tabTo } from './harness/keyboard.ts';
import { navigator, ready, resultBar, sampleName, seeData, statusLine, wizard } from './harness/person.ts';
import { describeWindow } from './harness/window.ts';

/* The whole way without a mouse: nothing here clicks, fills or sets the focus by script. */

describeWindow('with the keyboard alone', (open) => {
  it('one goes from the sample to the figure', { timeout: 120_000 }, async () => {
    const window = await open();
    const { page } = window;
    try {
      await ready(page);
      await tabTo(page, /^button: Open the sample/);
      await page.keyboard.press('Enter');
      await seeData(page, sampleName);

      // the cursor, and what the status line says of it: 96 × 72 px of 1.5 nm, the cursor in the middle
      await tabTo(page, /^application: Navigator of/);
      const reading = (): Promise<string> => statusLine(page).innerText();
      await expect.poll(reading).toMatch(/x 48 \(72\.0\snm\)\s+y 36 \(54\.0\snm\)/);
      await page.keyboard.press('ArrowRight');
      await expect.poll(reading).toMatch(/x 49 \(73\.5\snm\)/);
      await page.keyboard.press('Shift+ArrowUp');
      await expect.poll(reading).toMatch(/y 26 \(39\.0\snm\)/);
      for (let press = 0; press < 4; press++) await page.keyboard.press('PageUp');
      await page.keyboard.press('Control+ArrowLeft');
      await expect.poll(reading).toMatch(/x 44 \(66\.0\snm\)/);
      await tabTo(page, /^application: Spectra of/);
      await page.keyboard.press('ArrowRight');
      await expect.poll(reading).toMatch(/keV\s+channel|\d keV/);
      await expect.poll(() => navigator(page).getAttribute('aria-label')).toMatch(/Cursor at x 44/);

      // first run: the settings that are offered
      await page.keyboard.press('Control+r');
      await wizard(page).waitFor();
      await tabTo(page, /^input: Name of the result/);
      await page.keyboard.press('Control+a');
      await page.keyboard.type('First');
      await page.keyboard.press('Tab');
      await page.getByText('nothing in the way').waitFor();
      await page.keyboard.press('Control+r');
      await page.getByText('First is ready.').waitFor();
      await page.keyboard.press('Control+2');
      await resultBar(page, 'First').waitFor();

      // the scree: the cut is a slider
      await tabTo(page, /^slider: Components to keep/);
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      const cut = page.getByRole('slider', { name: 'Components to keep' });
      await expect.poll(() => cut.getAttribute('aria-valuenow')).toBe('3');
      await tabTo(page, /^listbox: Components/, 'Shift+Tab');
      await page.keyboard.press('ArrowDown');
      await page.getByRole('region', { name: 'Loading 2', exact: true }).waitFor();
      await page.keyboard.press(']');
      await page.getByRole('region', { name: 'Loading 3', exact: true }).waitFor();

      // second run: another question, by arrows in the list of questions
      await palette(page, 'Run again with other settings');
      await wizard(page).waitFor();
      await tabTo(page, /^button: .*Method/);
      await page.keyboard.press('Enter');
      await tabTo(page, /^input: How many|^input: .*(SVD|PCA)/);
      await page.keyboard.press('ArrowDown');
      await expect
        .poll(() =>
          wizard(page)
            .getByRole('radio', { name: /Counting noise/ })
            .isChecked(),
        )
        .toBe(true);
      await tabTo(page, /^input: Name of the result/);
      await page.keyboard.press('Control+a');
      await page.keyboard.type('Second');
      await page.keyboard.press('Enter');
      await page.getByText('Second is ready.').waitFor();

      // the figure as SVG
      await palette(page, 'Second');
      await resultBar(page, 'Second').waitFor();
      await page.keyboard.press('Control+4');
      await page.getByRole('img', { name: 'Second, loadings' }).waitFor();
      if (window.answerDialogs !== null) await window.answerDialogs(join(window.folder, 'by-keys.svg'));
      await palette(page, 'Export the figure as SVG');
      if (window.answerDialogs === null) {
        await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).waitFor();
        await expect.poll(() => focused(page)).toMatch(/^input: Name/);
        await page.keyboard.press('Control+a');
        await page.keyboard.type('by-keys.svg');
        await page.keyboard.press('Enter');
      }
      await page.getByText('Written: by-keys.svg').waitFor();
      expect(existsSync(join(window.folder, 'by-keys.svg'))).toBe(true);
      expect(readFileSync(join(window.folder, 'by-keys.svg'), 'utf8')).toContain('width="89mm"');
      expect(window.problems).toEqual([]);
    } finally {
      await window.close();
    }
  });

  it('palette and shortcut sheet open, and Escape gives the focus back', async () => {
    const window = await open();
    const { page } = window;
    try {
      await ready(page);
      await tabTo(page, /^button: Open files/);
      const before = await focused(page);
      for (const [keys, name] of [
        ['Control+k', 'Commands'],
        ['Control+/', 'Shortcuts'],
        ['F1', 'Help'],
      ] as const) {
        await page.keyboard.press(keys);
        await page.getByRole('dialog', { name }).waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog', { name }).waitFor({ state: 'detached' });
        await expect.poll(() => focused(page), { message: keys }).toBe(before);
      }
      // what cannot run now says why, in the palette itself
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Commands' }).waitFor();
      await page.keyboard.type('Decompose');
      const entry = page.getByRole('option', { name: /^Decompose…/ });
      await expect.poll(() => entry.innerText()).toMatch(/Open a file first/);
      expect(window.problems).toEqual([]);
    } finally {
      await window.close();
    }
  });
});
