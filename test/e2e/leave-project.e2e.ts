import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, fillWizard, messages, openSample, openWizard, ready, step, tree, wizard } from './harness/person.ts';
import { describeWindow } from './harness/window.ts';
import type { OpenedWindow } from './harness/window.ts';

/* A run is not lost without a word when another project is begun. */

describeWindow('leaving a project while something runs', (open) => {
  let window: OpenedWindow;
  beforeAll(async () => {
    window = await open({ reducedMotion: 'reduce' });
    await ready(window.page);
  });
  afterAll(() => window.close());

  it('asks, stays when told so, and else ends the run', async () => {
    const { page } = window;
    await openSample(page);
    await openWizard(page);
    await fillWizard(page, { question: /^Which positive spectra/, components: '200', name: 'Long' });
    await step(page, 'Settings').click();
    await wizard(page).getByText('nothing in the way').waitFor();
    await wizard(page).getByRole('button', { name: /^Run/ }).click();
    await wizard(page).getByText(/^Long/).first().waitFor();

    await command(page, 'New project');
    const question = page.getByRole('dialog', { name: 'Leave this project?' });
    await question.getByText('Long is still running and will be cancelled.').waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await wizard(page).getByRole('button', { name: 'Cancel the run' }).waitFor();

    await command(page, 'New project');
    await question.getByRole('button', { name: 'Leave it' }).click();
    await messages(page).getByText('Long was cancelled.').waitFor();
    await page.getByRole('heading', { name: /^Find what varies/ }).waitFor();
    await openSample(page);
    expect(await tree(page).getByRole('treeitem', { name: /^Long/ }).count()).toBe(0);
    expect(window.problems).toEqual([]);
  });
});
