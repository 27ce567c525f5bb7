import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { createOpenQueue } from '../../main/hosts/shared/open-queue.ts';
import type { OpenQueue } from '../../main/hosts/shared/open-queue.ts';
import { startWebHost } from '../../main/hosts/web/server.ts';
import type { WebHost } from '../../main/hosts/web/server.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { createFakeApp } from './fake-app.ts';
import type { FakeApp } from './fake-app.ts';

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let folder: string;
let app: FakeApp;
let opens: OpenQueue;
let host: WebHost;
let cookie: string;
const log: string[] = [];

/** One request as it stands: the path is not normalised, no header is added but Host. */
function send(
  path: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer; port?: number } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: options.port ?? host.port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        agent: false,
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const origin = (): string => `http://127.0.0.1:${host.port}`;
const own = (): OutgoingHttpHeaders => ({ cookie, origin: origin(), 'content-type': 'application/json' });
const post = (body: string | Buffer, headers: OutgoingHttpHeaders = own()): Promise<Got> =>
  send('/call', { method: 'POST', headers, body });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eigenscope-web-'));
  mkdirSync(join(folder, 'pages/assets'), { recursive: true });
  writeFileSync(join(folder, 'pages/index.html'), '<!doctype html><title>Eigenscope</title>');
  writeFileSync(join(folder, 'pages/assets/index-1.js'), 'export {};');
  writeFileSync(join(folder, 'pages/assets/index-1.js.map'), '{}');
  writeFileSync(join(folder, 'pages/assets/index-1.css'), 'body {}');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'pages/link.txt'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  app = createFakeApp();
  opens = createOpenQueue();
  log.length = 0;
  host = await startWebHost({
    app,
    port: 0,
    pages: join(folder, 'pages'),
    opens,
    log: (line) => void log.push(line),
  });
  const entry = await send(new URL(host.url).pathname + new URL(host.url).search);
  cookie = (entry.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
});
afterEach(() => host.close());

describe('letting a browser in', () => {
  it('exchanges the token once for an HttpOnly, SameSite=Strict cookie', async () => {
    const other = await startWebHost({
      app,
      port: 0,
      pages: join(folder, 'pages'),
      opens,
      log: () => {},
    });
    const way = new URL(other.url).pathname + new URL(other.url).search;
    const first = await send(way, { port: other.port });
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']?.[0]).toMatch(/^eigenscope-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const second = await send(way, { port: other.port });
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    await other.close();
  });

  it('lets the holder of the cookie follow the used link again', async () => {
    const again = await send(new URL(host.url).pathname + new URL(host.url).search, { headers: { cookie } });
    expect(again.status).toBe(303);
  });

  it.each([
    ['no cookie', { cookie: '' }],
    ['a wrong cookie', { cookie: 'eigenscope=1' }],
    ['the cookie of another port', { cookie: 'eigenscope-1=abc' }],
  ])('refuses page, call, events and array with %s', async (_what, headers) => {
    for (const path of ['/', '/assets/index-1.js', '/events', '/arrays/x']) {
      expect((await send(path, { headers })).status, path).toBe(403);
    }
    const call = await post('{"method":"app.info"}', { ...own(), cookie: headers.cookie ?? '' });
    expect(call.status).toBe(403);
    expect(app.calls).toEqual([]);
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '[::1]:8080'])(
    'refuses the Host header "%s", as a rebound name would send it, even with the cookie',
    async (name) => {
      expect((await send('/', { headers: { cookie, host: name } })).status).toBe(403);
    },
  );

  it('refuses a wrong Host before it looks at the token', async () => {
    const other = await startWebHost({ app, port: 0, pages: folder, opens, log: () => {} });
    const way = new URL(other.url).pathname + new URL(other.url).search;
    expect((await send(way, { port: other.port, headers: { host: 'evil.example' } })).status).toBe(403);
    expect((await send(way, { port: other.port })).status).toBe(303);
    await other.close();
  });

  it.each([['http://evil.example'], ['null'], ['http://127.0.0.1:1'], ['https://127.0.0.1']])(
    'refuses a call whose Origin is %s',
    async (foreign) => {
      expect((await post('{"method":"app.info"}', { ...own(), origin: foreign })).status).toBe(403);
      expect(app.calls).toEqual([]);
    },
  );

  it('refuses a call without an Origin, and whatever another site makes the browser send', async () => {
    const { origin: _left, ...without } = own();
    expect((await post('{"method":"app.info"}', without)).status).toBe(403);
    const crossSite = { cookie, 'sec-fetch-site': 'cross-site' };
    for (const path of ['/', '/events', '/arrays/x'])
      expect((await send(path, { headers: crossSite })).status).toBe(403);
    const sameSite = { cookie, 'sec-fetch-site': 'same-site' };
    expect((await send('/arrays/x', { headers: sameSite })).status).toBe(403);
  });

  it('listens on the loopback address only', async () => {
    const refused = await new Promise<boolean>((resolve) => {
      // another address of the loopback network: a server on 0.0.0.0 would answer there
      const socket = connect({ host: '127.0.0.2', port: host.port });
      socket.once('connect', () => {
        socket.destroy();
        resolve(false);
      });
      socket.once('error', () => resolve(true));
    });
    expect(refused).toBe(true);
  });
});

describe('pages', () => {
  it('are served with their types, the policy and no sniffing', async () => {
    const page = await send('/', { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = page.headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe-eval');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect((await send('/assets/index-1.js', { headers: { cookie } })).headers['content-type']).toMatch(
      'text/javascript',
    );
    expect((await send('/assets/index-1.css', { headers: { cookie } })).headers['content-type']).toMatch('text/css');
  });

  it('answers HEAD with the length and without the body', async () => {
    const head = await send('/', { method: 'HEAD', headers: { cookie } });
    expect(head.status).toBe(200);
    expect(head.body.length).toBe(0);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(10);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/./index.html',
    '/C:/secret.txt',
    '/index.html%00.txt',
    '/%ff',
    '/link.txt',
    '/assets',
    '/assets/index-1.js.map',
    '/nothing.html',
  ])('finds nothing at %s', async (path) => {
    const got = await send(path, { headers: { cookie } });
    expect(got.status).toBe(404);
    expect(got.body.toString()).not.toContain('secret');
  });

  it('cannot be written', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      expect((await send('/index.html', { method, headers: own() })).status).toBe(405);
    }
  });
});

describe('calls', () => {
  it('pass method and parameters on and the reply back', async () => {
    const got = await post('{"method":"job.list","params":{"a":[1]}}');
    expect(got.status).toBe(200);
    expect(JSON.parse(got.body.toString())).toEqual({ ok: true, value: { method: 'job.list', params: { a: [1] } } });
    expect(app.calls).toEqual([{ method: 'job.list', params: { a: [1] } }]);
  });

  it.each<[string, string | Buffer, number]>([
    ['nothing', '', 400],
    ['half an object', '{"method":', 400],
    ['text that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400],
    ['a number', '7', 400],
    ['null', 'null', 400],
    ['a list', '[]', 400],
    ['no method', '{}', 400],
    ['a method that is no text', '{"method":{}}', 400],
  ])('with %s get a clean 400', async (_what, body, status) => {
    const got = await post(body);
    expect(got.status).toBe(status);
    expect(JSON.parse(got.body.toString())).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(got.body.toString()).not.toMatch(/\bat .*:\d+/);
    expect(app.calls).toEqual([]);
  });

  it('must be JSON by their content type, so that no form of another site can send one', async () => {
    expect((await post('{"method":"x"}', { ...own(), 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post('{"method":"x"}', { ...own(), 'content-type': 'application/json; charset=utf-8' })).status).toBe(
      200,
    );
  });

  it('over the size limit are refused, declared or not', async () => {
    const big = Buffer.alloc(5 * 1024 * 1024, 0x20);
    const refusedOrCut = async (headers: OutgoingHttpHeaders): Promise<number> =>
      post(big, headers).then(
        (got) => got.status,
        // the server may end the connection while the body is still on its way
        (error: NodeJS.ErrnoException) => (['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? 413 : 0),
      );
    expect(await refusedOrCut({ ...own(), 'content-length': big.length })).toBe(413);
    expect(await refusedOrCut({ ...own(), 'transfer-encoding': 'chunked' })).toBe(413);
    expect(app.calls).toEqual([]);
  });

  it('need POST', async () => {
    expect((await send('/call', { headers: { cookie } })).status).toBe(405);
  });

  it('that meet a bug answer 500 in one sentence and log it', async () => {
    app.call = () => Promise.reject(new Error('broken inside'));
    const got = await post('{"method":"x"}');
    expect(got.status).toBe(500);
    expect(got.body.toString()).not.toContain('broken inside');
    expect(log).toEqual(['web host: broken inside']);
    expect((await send('/', { headers: { cookie } })).status).toBe(200);
  });
});

describe('arrays', () => {
  beforeEach(() => {
    const shared = new SharedArrayBuffer(16);
    new Float32Array(shared).set([1, 2, 3, 4]);
    app.arrays.set('result/r1/loadings?columns=0,2', {
      dtype: 'float32',
      shape: [2, 2],
      bytes: new Uint8Array(shared),
    });
  });
  const path = '/arrays/result/r1/loadings?columns=0,2';

  it('come whole, with type and shape, also from shared memory', async () => {
    const got = await send(path, { headers: { cookie } });
    expect(got.status).toBe(200);
    expect(got.headers).toMatchObject({
      'x-dtype': 'float32',
      'x-shape': '2,2',
      'content-length': '16',
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
    });
    expect([...new Float32Array(Uint8Array.from(got.body).buffer)]).toEqual([1, 2, 3, 4]);
  });

  it('come in parts', async () => {
    const got = await send(path, { headers: { cookie, range: 'bytes=4-7' } });
    expect(got.status).toBe(206);
    expect(got.headers['content-range']).toBe('bytes 4-7/16');
    expect([...new Float32Array(Uint8Array.from(got.body).buffer)]).toEqual([2]);
    expect((await send(path, { headers: { cookie, range: 'bytes=16-' } })).status).toBe(416);
  });

  it('that are not there are 404 with a reply, as for a call', async () => {
    const got = await send('/arrays/result/r1/loadings', { headers: { cookie } });
    expect(got.status).toBe(404);
    expect(JSON.parse(got.body.toString())).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect((await send('/arrays/', { headers: { cookie } })).status).toBe(404);
  });
});

describe('arrays that cannot be made', () => {
  it('are a sentence when the request is wrong, and a logged bug otherwise', async () => {
    app.array = (path) =>
      Promise.reject(path === 'a' ? new EigenscopeError('bad-request', 'at=9,9 lies outside.') : new Error('broken'));
    const wrong = await send('/arrays/a', { headers: { cookie } });
    expect(wrong.status).toBe(400);
    expect(JSON.parse(wrong.body.toString())).toMatchObject({ error: { message: 'at=9,9 lies outside.' } });
    expect((await send('/arrays/b', { headers: { cookie } })).status).toBe(500);
    expect(log).toEqual(['arrays/b: broken']);
  });
});

describe('events', () => {
  /** Reads the stream until `count` events have come. */
  function listen(count: number): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: host.port, path: '/events', headers: { cookie } }, (response) => {
        expect(response.headers['content-type']).toMatch('text/event-stream');
        let text = '';
        response.on('data', (part: Buffer) => {
          text += part.toString();
          const events = [...text.matchAll(/^data: (.*)\n\n/gm)].map((match) => JSON.parse(match[1] ?? '') as unknown);
          if (events.length < count) return;
          sent.destroy();
          resolve(events);
        });
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  it('arrive as JSON, each a line', async () => {
    opens.request(['/data/a.npy']);
    const waiting = listen(2);
    while (true) {
      // the listener is attached when the file that waited has been told
      await new Promise((done) => setTimeout(done, 20));
      app.emit({ name: 'job.changed', payload: { text: 'two\nlines' } });
      const events = await Promise.race([waiting, new Promise<null>((done) => setTimeout(done, 20, null))]);
      if (events === null) continue;
      expect(events.slice(0, 2)).toEqual([
        { name: 'open.requested', payload: { path: '/data/a.npy' } },
        { name: 'job.changed', payload: { text: 'two\nlines' } },
      ]);
      break;
    }
  });

  it('tell a file that waited to one page only', async () => {
    opens.request(['/data/a.npy']);
    await listen(1);
    await vi.waitFor(() => expect(app.listening()).toBe(0));
    opens.request(['/data/b.npy']);
    expect(await listen(1)).toEqual([{ name: 'open.requested', payload: { path: '/data/b.npy' } }]);
  });

  it('end when the host closes', async () => {
    const ended = new Promise<void>((resolve) => {
      const sent = request({ host: '127.0.0.1', port: host.port, path: '/events', headers: { cookie } }, (response) => {
        response.resume();
        response.once('close', resolve);
        void host.close();
      });
      sent.end();
    });
    await expect(ended).resolves.toBeUndefined();
  });
});

describe('malformed requests', () => {
  it.each([
    ['no HTTP', 'NONSENSE\r\n\r\n'],
    ['an unknown version', 'GET / HTTP/9.9\r\n\r\n'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['the address of a proxy', 'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
    ['an endless header', `GET / HTTP/1.1\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
  ])('with %s end in a clean answer', async (_what, text) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: host.port }, () => socket.end(text));
      let got = '';
      socket.on('data', (part) => (got += part.toString()));
      socket.on('close', () => resolve(got));
      socket.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' ? resolve(got) : reject(error),
      );
    });
    expect(answer).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
    expect((await send('/', { headers: { cookie } })).status).toBe(200);
  });
});

it('says which port is in use by the error of the system', async () => {
  await expect(startWebHost({ app, port: host.port, pages: folder, opens, log: () => {} })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
