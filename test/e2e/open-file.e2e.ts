import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../main/hosts/launch/build.mjs';
import { describeWindow } from './harness/window.ts';

const sample = join(projectRoot, 'assets/samples/core-shell-particles.hspy');

describeWindow('a file given at the start', (open) => {
  it('is opened in the window', async () => {
    const window = await open({ files: [sample] });
    try {
      await window.page.getByText('core-shell-particles').first().waitFor({ timeout: 20_000 });
      await window.page.locator('canvas').first().waitFor();
      await window.screenshot('opened-file');
      expect(window.problems).toEqual([]);
    } finally {
      await window.close();
    }
  });
});
