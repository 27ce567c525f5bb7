import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toPlainError } from '../../../workers/model/errors.ts';
import type { ErrorCode } from '../../../workers/model/errors.ts';
import type { AnyReply, App } from '../../app-types.ts';
import { answerArrayRequest } from '../shared/array-answer.ts';
import type { OpenQueue } from '../shared/open-queue.ts';
import { readPageFile } from '../shared/page-files.ts';
import { contentSecurityPolicy, securityHeaders } from '../shared/page-policy.ts';
import { createAccess } from './access.ts';
import type { Access } from './access.ts';
import { readCallBody } from './call-body.ts';
import { openEventStream } from './event-stream.ts';

export interface WebHostOptions {
  app: App;
  /** 0 for a free one */
  port: number;
  /** the built window, `out/renderer` */
  pages: string;
  /** files to open in the first page that listens */
  opens: OpenQueue;
  log(line: string): void;
}

export interface WebHost {
  /** the link to open, with its one-time token */
  url: string;
  port: number;
  close(): Promise<void>;
}

interface Context extends Omit<WebHostOptions, 'port'> {
  access: Access;
  streams: Set<ServerResponse>;
}

const headersOfAll = securityHeaders(contentSecurityPolicy(["'self'"]));

function answer(response: ServerResponse, status: number, type: string, body: Uint8Array | string): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.byteLength, 'cache-control': 'no-store' });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}

const say = (response: ServerResponse, status: number, sentence: string): void =>
  answer(response, status, 'text/plain; charset=utf-8', `${sentence}\n`);

/** What a program asked for and does not get: a reply, as the page's client expects one whatever the status. */
function reply(response: ServerResponse, status: number, body: AnyReply): void {
  answer(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

const refused = (code: ErrorCode, message: string): AnyReply => ({ ok: false, error: { code, message, details: {} } });

async function answerCall(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const call = await readCallBody(request);
  if (!call.ok) {
    // what is left of an oversized body is not read
    response.setHeader('connection', 'close');
    reply(response, call.status, refused('bad-request', call.message));
    return;
  }
  reply(response, 200, await context.app.call(call.method, call.params));
}

function answerEvents(response: ServerResponse, context: Context): void {
  const leave: (() => void)[] = [];
  const send = openEventStream(response, () => {
    context.streams.delete(response);
    for (const stop of leave) stop();
  });
  context.streams.add(response);
  leave.push(context.app.on(send), context.opens.attach(send));
}

async function answerArray(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  context: Context,
): Promise<void> {
  const { status, headers, bytes } = await answerArrayRequest(
    context.app,
    path,
    request.headers.range ?? null,
    context.log,
  );
  response.writeHead(status, headers);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

async function route(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  for (const [name, value] of Object.entries(headersOfAll)) response.setHeader(name, value);
  const method = request.method ?? '';
  const { access } = context;
  if (!access.isOwnHost(request.headers)) {
    say(response, 403, 'This address is not the one Eigenscope serves.');
    return;
  }
  const target = request.url ?? '';
  if (!target.startsWith('/') || !URL.canParse(`http://localhost${target}`)) {
    say(response, 400, 'This is not a request for a page.');
    return;
  }
  // the path as it was sent: a URL object would already have folded `..` away
  const path = target.split('?')[0] ?? '/';
  const query = target.slice(path.length);

  if (method === 'GET' && path === '/') {
    const cookie = access.exchange(new URLSearchParams(query).get('token') ?? '');
    if (cookie !== null) response.setHeader('set-cookie', cookie);
    // also with a used token: whoever holds the cookie may follow the link again
    if (cookie !== null || (query !== '' && access.refusal({ method, headers: request.headers }) === null)) {
      response.writeHead(303, { location: '/', 'cache-control': 'no-store', 'content-length': 0 });
      response.end();
      return;
    }
  }
  const refusal = access.refusal({ method, headers: request.headers });
  if (refusal !== null) {
    if (path === '/call' || path.startsWith('/arrays/')) reply(response, 403, refused('forbidden', refusal));
    else say(response, 403, refusal);
    return;
  }
  if (path === '/call') {
    if (method === 'POST') return answerCall(request, response, context);
    response.setHeader('allow', 'POST');
    say(response, 405, 'Calls are sent with POST.');
    return;
  }
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    say(response, 405, 'This address can only be read.');
    return;
  }
  if (path === '/events' && method === 'GET') return answerEvents(response, context);
  if (path.startsWith('/arrays/'))
    return answerArray(request, response, path.slice('/arrays/'.length) + query, context);
  const file = await readPageFile(context.pages, path);
  if (file === null) say(response, 404, 'There is nothing at this address.');
  else answer(response, 200, file.mediaType, file.bytes);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Serves the window on the loopback address: pages, calls, events and arrays of one application.
 *
 * @throws the system's error when the port cannot be had (`EADDRINUSE`, `EACCES`)
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { port: wanted, ...rest } = options;
  const streams = new Set<ServerResponse>();
  let context: Context | null = null;
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 60_000 }, (request, response) => {
    if (context === null) {
      response.destroy();
      return;
    }
    route(request, response, context).catch((thrown: unknown) => {
      if (request.destroyed && !request.complete) return;
      options.log(`web host: ${toPlainError(thrown).message}`);
      if (response.headersSent) response.destroy();
      else say(response, 500, 'Something went wrong inside Eigenscope; its log says what.');
    });
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });
  const port = await listen(server, wanted);
  const access = createAccess(port);
  context = { ...rest, access, streams };
  return {
    url: `http://127.0.0.1:${port}/?token=${access.token}`,
    port,
    close: () =>
      new Promise((resolve) => {
        for (const stream of streams) stream.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
