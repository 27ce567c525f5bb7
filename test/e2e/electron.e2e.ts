import { _electron } from 'playwright-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../main/hosts/launch/build.mjs';
import { findElectron } from '../../main/hosts/launch/electron-runtime.mjs';
import { openInElectron, whyNoElectron } from './harness/window.ts';

/* What only the real Electron can show: that the rules its units are tested for hold in its window. */

const why = whyNoElectron();

describe.skipIf(why !== null)(`the Electron window${why === null ? '' : ` (skipped: ${why})`}`, () => {
  it('has no Node in the page and only the frozen bridge', async () => {
    const window = await openInElectron();
    try {
      const seen = await window.page.evaluate(() => {
        const page = globalThis as unknown as Record<string, unknown>;
        const bridge = page['eigenscope'] as object;
        return {
          node: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => page[name] !== undefined),
          keys: Object.keys(bridge).sort(),
          frozen: Object.isFrozen(bridge),
          origin: location.origin,
        };
      });
      expect(seen).toEqual({ node: [], keys: ['call', 'on', 'pathOf'], frozen: true, origin: 'app://eigenscope' });
    } finally {
      await window.close();
    }
  });

  it('goes nowhere, opens no window and asks for no permission', async () => {
    const window = await openInElectron();
    try {
      const opened = await window.page.evaluate(async () => {
        const child = globalThis.open('https://example.invalid/');
        location.href = 'https://example.invalid/';
        const permission = await Notification.requestPermission();
        return { child: child !== null, permission };
      });
      expect(opened).toEqual({ child: false, permission: 'denied' });
      expect(window.page.url()).toBe('app://eigenscope/');
    } finally {
      await window.close();
    }
  });

  it('passes the files of a second start to the window there is, and the second start ends', async () => {
    const data = mkdtempSync(join(tmpdir(), 'eigenscope-second-'));
    const window = await openInElectron({ data });
    try {
      const sample = join(projectRoot, 'assets/samples/core-shell-particles.hspy');
      const second = await _electron
        .launch({
          executablePath: findElectron(projectRoot) ?? '',
          args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), projectRoot, sample],
          env: { ...process.env, EIGENSCOPE_DATA: data } as Record<string, string>,
        })
        .catch(() => null);
      await window.page.getByText('core-shell-particles').first().waitFor();
      await second?.close().catch(() => undefined);
    } finally {
      await window.close();
      rmSync(data, { recursive: true, force: true });
    }
  });
});
