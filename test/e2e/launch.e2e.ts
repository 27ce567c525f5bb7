import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../main/hosts/launch/build.mjs';

/* What a person sees who types `npm start` where something is in the way: one line, no stack trace. */

let data: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'eigenscope-start-'));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

interface Ended {
  status: number | null;
  out: string;
  err: string;
}

/** Runs the start script to its end, or until it has printed `until`; then it is ended as Ctrl+C does. */
function start(args: readonly string[], options: { until?: RegExp; env?: NodeJS.ProcessEnv } = {}): Promise<Ended> {
  const env = { ...process.env, EIGENSCOPE_DATA: data, DISPLAY: '', WAYLAND_DISPLAY: '', ...options.env };
  const child = spawn(process.execPath, [join(projectRoot, 'main/hosts/launch/start.mjs'), ...args], { env });
  let out = '';
  let err = '';
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  child.stdout.on('data', (part: Buffer) => {
    out += part.toString();
    if (options.until?.test(out)) child.kill('SIGINT');
  });
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, out, err })));
}

const linesOf = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('Building'));

describe('npm start', () => {
  it.skipIf(process.platform !== 'linux')(
    'without a display says why, prints the address, and ends at Ctrl+C',
    async () => {
      const { status, out, err } = await start([], { until: /token=/ });
      expect(linesOf(err)).toHaveLength(1);
      expect(err).toMatch(/no display; opening the window from the web host/);
      expect(linesOf(out)).toHaveLength(1);
      expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43} \(this machine has no display/);
      expect(status).toBe(0);
    },
  );

  it('on a port that is in use says so in one line', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const { status, err } = await start(['--port', String(port), '--no-open']);
    server.close();
    expect(status).toBe(1);
    expect(linesOf(err)).toEqual([
      `eigenscope: Port ${port} of 127.0.0.1 is in use; choose another with --port N, or leave --port out for a free one.`,
    ]);
  });

  it.skipIf(process.platform !== 'linux')('where no browser is installed prints the address and why', async () => {
    const { out, status } = await start(['--web'], { until: /token=/, env: { DISPLAY: ':99', PATH: data } });
    expect(out).toMatch(/token=.*no default browser was found/);
    expect(status).toBe(0);
  });

  it.each([
    [['--web', 'not-there.dm4'], /not-there\.dm4 was not found\.$/],
    [['--root', 'not-there'], /not-there is not a folder\.$/],
    [['--port', '70000'], /--port takes a number from 0 to 65535; got 70000\.$/],
    [['--wrong'], /--wrong/],
  ])('with %j says what is wrong in one line', async (args, sentence) => {
    const { status, err } = await start(args);
    expect(linesOf(err)).toHaveLength(1);
    expect(linesOf(err)[0]).toMatch(sentence);
    expect(status).not.toBe(0);
  });
});
