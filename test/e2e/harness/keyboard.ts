import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/* What a person does without a mouse: nothing here clicks, fills or sets the focus by script. */

/** What has the focus: role or tag, and name. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'body';
    const label = element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.innerText ?? '';
    return `${element.getAttribute('role') ?? element.tagName.toLowerCase()}: ${label || (element.textContent ?? '').trim()}`;
  });

/** How long what is wanted may take to be there at all. */
const patienceMs = 15_000;

/** Presses Tab until something that fits has the focus; what is still being read comes to be there meanwhile. */
export async function tabTo(page: Page, wanted: RegExp, key = 'Tab'): Promise<void> {
  const seen: string[] = [];
  const began = Date.now();
  do {
    for (let presses = 0; presses < 80; presses++) {
      const now = await focused(page);
      if (wanted.test(now)) return;
      seen.push(now.slice(0, 60));
      await page.keyboard.press(key);
    }
    await pause(250);
  } while (Date.now() - began < patienceMs);
  throw new Error(`Tab does not lead to ${wanted}; it goes through: ${[...new Set(seen)].join(' · ')}`);
}

/** Finds a command by its title in the palette and runs it. */
export async function palette(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await page.keyboard.type(title);
  await page.getByRole('option', { name: title }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor({ state: 'detached' });
}
