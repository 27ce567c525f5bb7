import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeApp } from '../../../test/hosts/fake-app.ts';
import { createSchemeHandler, schemePrivileges } from './app-scheme.ts';

let folder: string;
let handle: (request: Request) => Promise<Response>;
const app = createFakeApp();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eigenscope-scheme-'));
  mkdirSync(join(folder, 'pages'));
  writeFileSync(join(folder, 'pages/index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'pages/a.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const shared = new SharedArrayBuffer(8);
  new Uint8Array(shared).set([1, 2, 3, 4, 5, 6, 7, 8]);
  app.arrays.set('live/d1/spectrum?at=1,2', { dtype: 'uint8', shape: [8], bytes: new Uint8Array(shared) });
  handle = createSchemeHandler({ app, pages: join(folder, 'pages'), log: () => {} });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Request of Node refuses no address of another scheme. */
const get = (url: string, init: RequestInit = {}): Promise<Response> => handle(new Request(url, init));

describe('the app scheme', () => {
  it('is a secure origin of its own that may be fetched and does not bypass the policy', () => {
    expect(schemePrivileges.privileges).toMatchObject({ standard: true, secure: true, supportFetchAPI: true });
    expect(schemePrivileges.privileges).not.toHaveProperty('bypassCSP');
    expect(schemePrivileges.privileges).not.toHaveProperty('allowServiceWorkers');
  });

  it('serves the page and its files under a policy without eval', async () => {
    const page = await get('app://eigenscope/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch('text/html');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self' app:");
    expect(policy).not.toMatch(/unsafe-eval|https?:/);
    expect((await get('app://eigenscope/a.js')).headers.get('content-type')).toMatch('text/javascript');
  });

  it.each([
    'app://eigenscope/../secret.txt',
    'app://eigenscope/%2e%2e/secret.txt',
    'app://eigenscope/..%2fsecret.txt',
    'app://eigenscope/..%5csecret.txt',
    'app://eigenscope//etc/passwd',
    'app://eigenscope/missing.html',
    'app://elsewhere/index.html',
  ])('finds nothing at %s', async (url) => {
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });

  it('serves arrays to the page, whole and in parts, also from shared memory', async () => {
    const whole = await get('app://arrays/live/d1/spectrum?at=1,2');
    expect(whole.headers.get('x-dtype')).toBe('uint8');
    expect(whole.headers.get('x-shape')).toBe('8');
    expect(whole.headers.get('access-control-allow-origin')).toBe('app://eigenscope');
    expect(whole.headers.get('access-control-expose-headers')).toContain('x-shape');
    expect([...new Uint8Array(await whole.arrayBuffer())]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const part = await get('app://arrays/live/d1/spectrum?at=1,2', { headers: { range: 'bytes=2-3' } });
    expect(part.status).toBe(206);
    expect([...new Uint8Array(await part.arrayBuffer())]).toEqual([3, 4]);
  });

  it('answers for a missing array with a reply, and refuses another origin', async () => {
    const missing = await get('app://arrays/none');
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ ok: false, error: { code: 'not-found' } });
    const foreign = await get('app://arrays/live/d1/spectrum?at=1,2', { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
  });

  it('can only be read', async () => {
    expect((await get('app://eigenscope/', { method: 'POST', body: 'x' })).status).toBe(405);
  });
});
