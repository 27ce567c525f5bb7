import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppInfo, OpenedDataset, Result } from '../../main/contract/methods.ts';
import { startHost } from './harness/web-host.ts';
import type { StartedHost } from './harness/web-host.ts';

/* The built web host with the real application behind it, as a program that speaks its protocol sees it. */

let host: StartedHost;
let origin: string;
let cookie: string;

async function call<T>(
  method: string,
  params: unknown,
): Promise<{ ok: boolean; value: T; error: { code: string; message: string } }> {
  const answer = await fetch(`${origin}/call`, {
    method: 'POST',
    headers: { cookie, origin, 'content-type': 'application/json' },
    body: JSON.stringify({ method, params }),
  });
  expect(answer.headers.get('content-type')).toMatch('application/json');
  return (await answer.json()) as { ok: boolean; value: T; error: { code: string; message: string } };
}

const array = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${origin}/arrays/${url}`, { headers: { cookie, ...headers } });

beforeAll(async () => {
  host = await startHost();
  origin = new URL(host.url).origin;
  const entry = await fetch(host.url, { redirect: 'manual' });
  expect(entry.status).toBe(303);
  cookie = entry.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  mkdirSync(join(host.folder, 'maps'));
  writeFileSync(join(host.folder, 'maps/a.txt'), 'a');
  symlinkSync('/', join(host.folder, 'maps/everything'));
});
afterAll(() => host.close());

describe('folders', () => {
  it('that were chosen are listed, and the first is where listing begins', async () => {
    const begin = await call<Result<'files.list'>>('files.list', { folder: null });
    expect(begin.value.folder).toBe(host.folder);
    expect(begin.value.entries.map(({ name }) => name)).toContain('maps');
    expect(begin.value.parent).toBeNull();
  });

  it('outside are not listed: by name, by dots, by links, by the parent', async () => {
    const outside = ['/', '/etc', dirname(host.folder), join(host.folder, '..'), `${host.folder}/maps/everything/etc`];
    for (const folder of [...outside, `${host.folder}-too`, `${host.folder}/maps/../..`]) {
      const reply = await call('files.list', { folder });
      expect(reply, folder).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    }
  });

  it('outside cannot be read from nor written to', async () => {
    for (const path of ['/etc/passwd', `${host.folder}/maps/everything/etc/passwd`]) {
      for (const method of ['file.info', 'dataset.open', 'project.open']) {
        expect(await call(method, { path }), `${method} ${path}`).toMatchObject({
          ok: false,
          error: { code: 'forbidden' },
        });
      }
      const save = await call('project.save', { path: `${path}.eigs`, overwrite: false });
      expect(save.error.code).toBe('forbidden');
    }
  });
});

describe('calls', () => {
  it('that nobody knows, or with wrong parameters, get a sentence', async () => {
    for (const [method, params] of [
      ['no.such', {}],
      ['constructor', {}],
      ['__proto__', {}],
      ['dataset.open', {}],
      ['dataset.open', { path: 7 }],
      ['dataset.open', null],
      ['job.start', 'text'],
    ] as const) {
      const reply = await call(method, params);
      expect(reply.ok, method).toBe(false);
      expect(reply.error.code, method).not.toBe('internal');
      expect(reply.error.message.length, method).toBeGreaterThan(10);
    }
  });
});

describe('arrays of the shipped sample', () => {
  let opened: OpenedDataset;
  beforeAll(async () => {
    const info = await call<AppInfo>('app.info', {});
    const reply = await call<Result<'dataset.open'>>('dataset.open', { path: info.value.sample });
    expect(reply.error).toBeUndefined();
    const [first] = reply.value.opened;
    if (first === undefined) throw new Error('The sample holds no signal.');
    opened = first;
  });

  it('come with type and shape as the reference said, and as many bytes', async () => {
    for (const reference of [opened.image, opened.spectrum]) {
      const answer = await array(reference.url);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-dtype')).toBe(reference.dtype);
      expect(answer.headers.get('x-shape')).toBe(reference.shape.join(','));
      const bytes = await answer.arrayBuffer();
      expect(bytes.byteLength).toBe(Number(answer.headers.get('content-length')));
      expect(bytes.byteLength % reference.shape.reduce((product, size) => product * size, 1)).toBe(0);
    }
  });

  it('come in parts that make the whole', async () => {
    const { url } = opened.spectrum;
    const whole = Buffer.from(await (await array(url)).arrayBuffer());
    const middle = Math.floor(whole.length / 2);
    const head = await array(url, { range: `bytes=0-${middle - 1}` });
    const tail = await array(url, { range: `bytes=${middle}-` });
    expect([head.status, tail.status]).toEqual([206, 206]);
    expect(Buffer.concat([Buffer.from(await head.arrayBuffer()), Buffer.from(await tail.arrayBuffer())])).toEqual(
      whole,
    );
  });

  it('that are wrong in any way get a clean answer', async () => {
    const { id } = opened.summary;
    const wrong = [`live/${id}/spectrum?at=99999,0`, `live/${id}/spectrum?at=-1,0`, `live/${id}/spectrum?at=a`];
    for (const url of [...wrong, 'live/none/spectrum?at=0,0', 'x', '..%2f..%2fa', `${opened.image.url}x`]) {
      const answer = await array(url);
      expect([400, 404], url).toContain(answer.status);
      expect(await answer.json(), url).toMatchObject({ ok: false });
    }
    expect(host.errors()).not.toMatch(/\n\s+at /);
  });
});
