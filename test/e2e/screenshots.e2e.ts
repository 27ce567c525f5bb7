import { expect, it } from 'vitest';
import { command, decompose, fillWizard, messages, openSample, openWizard, runWizard, tab } from './harness/person.ts';
import { describeWindow } from './harness/window.ts';

/* Pictures of every screen for people to look at, in test/output. What holds for them is told by the other tests. */

const sizes = [
  { width: 1366, height: 768 },
  { width: 2560, height: 1440 },
] as const;

describeWindow('every screen', (open) => {
  it('is drawn in two sizes and two themes without an error', { timeout: 120_000 }, async () => {
    const window = await open({ ...sizes[0], reducedMotion: 'reduce' });
    const { page } = window;
    /** Messages would cover what is to be looked at. */
    const closeMessages = async (): Promise<void> => {
      const closers = messages(page).getByRole('button', { name: 'Close the message' });
      // one may leave by itself before it is clicked
      while ((await closers.count()) > 0) {
        await closers
          .first()
          .click({ timeout: 1000 })
          .catch(() => undefined);
      }
    };
    const shoot = async (name: string): Promise<void> => {
      await closeMessages();
      for (const size of sizes) {
        await page.setViewportSize(size);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await page.evaluate(
            () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))),
          );
          await window.screenshot(`${name}-${size.width}-${colorScheme}`);
        }
      }
      await page.setViewportSize(sizes[0]);
    };
    try {
      await page.getByRole('heading', { name: /Find what varies/ }).waitFor();
      await shoot('home');
      await openSample(page);
      await shoot('workspace');
      await openWizard(page);
      await shoot('wizard-first');
      await fillWizard(page, { question: /Counting noise/, name: 'Poisson' });
      await runWizard(page, 'Poisson');
      await shoot('results');
      await tab(page, 'Workspace').click();
      await decompose(page, { question: /^How many/, components: '6', name: 'Plain 6' });
      await tab(page, 'Workspace').click();
      await openWizard(page);
      await page.getByRole('slider', { name: 'Components to keep' }).waitFor();
      await shoot('wizard');
      await page.keyboard.press('Escape');
      await tab(page, 'Compare').click();
      await page.getByRole('region', { name: 'Components side by side' }).waitFor();
      await shoot('compare');
      await tab(page, 'Figures').click();
      await page.getByRole('img', { name: /loadings$/ }).waitFor();
      await shoot('figures');
      await page.getByRole('radio', { name: 'Factors (spectra)' }).check();
      await page.getByRole('img', { name: /factors$/ }).waitFor();
      await window.screenshot('figures-factors');
      await page.getByRole('radio', { name: 'Scree plot' }).check();
      await page.getByRole('img', { name: /scree$/ }).waitFor();
      await window.screenshot('figures-scree');
      await page.keyboard.press('Control+/');
      await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
      await window.screenshot('dialog-shortcuts');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Commands' }).waitFor();
      await window.screenshot('dialog-palette');
      await page.keyboard.press('Escape');
      await command(page, 'Theme: high contrast');
      await window.screenshot('figures-contrast');
      await tab(page, 'Results').click();
      await window.screenshot('results-contrast');
      await tab(page, 'Workspace').click();
      await window.screenshot('workspace-contrast');
      expect(window.problems).toEqual([]);
    } finally {
      await window.close();
    }
  });
});
