import { expect, it } from 'vitest';
import { describeWindow } from './harness/window.ts';

describeWindow('the window', (open) => {
  it('opens without an error on the page, and shows what it is', async () => {
    const window = await open();
    try {
      await window.page.waitForFunction(() => document.body.innerText.trim().length > 0);
      expect(await window.page.title()).toContain('Eigenscope');
      await window.screenshot('start');
      expect(window.problems).toEqual([]);
    } finally {
      await window.close();
    }
  });

  it('cannot evaluate text as code, load from elsewhere or be framed', async () => {
    const window = await open();
    try {
      // run as the page's own script would: playwright's evaluate is exempt, a timer with text is not
      const ran = await window.page.evaluate(async () => {
        const marks = globalThis as unknown as Record<string, unknown>;
        const inline = document.createElement('script');
        inline.textContent = 'globalThis.inlineRan = true';
        document.head.append(inline);
        const button = document.createElement('button');
        button.setAttribute('onclick', 'globalThis.handlerRan = true');
        document.body.append(button);
        button.click();
        button.remove();
        const fetched = await fetch('http://127.0.0.1:9/').then(
          () => true,
          () => false,
        );
        return { inline: marks['inlineRan'] === true, handler: marks['handlerRan'] === true, fetched };
      });
      expect(ran).toEqual({ inline: false, handler: false, fetched: false });
      await expect.poll(() => window.problems.join('\n')).toContain('Content Security Policy');
    } finally {
      await window.close();
    }
  });
});
