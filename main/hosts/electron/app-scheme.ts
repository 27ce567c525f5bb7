import type { App } from '../../app-types.ts';
import { answerArrayRequest } from '../shared/array-answer.ts';
import { readPageFile } from '../shared/page-files.ts';
import { contentSecurityPolicy, securityHeaders } from '../shared/page-policy.ts';
import { arrayHost, pageHost, pageOrigin, scheme } from './origin.ts';

/** How the scheme is registered, before the app is ready: an origin of its own, fetched like https, streaming. */
export const schemePrivileges = {
  scheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true, codeCache: true },
} as const;

const headersOfAll = securityHeaders(contentSecurityPolicy(["'self'", `${scheme}:`]));

/** Arrays have a host of their own, so the page reads them across origins: it and no other page may. */
const arrayHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-origin': pageOrigin,
  'access-control-expose-headers': 'x-dtype, x-shape, content-range, content-length',
  'cross-origin-resource-policy': 'cross-origin',
};

function respond(status: number, headers: Readonly<Record<string, string>>, bytes: Uint8Array | null): Response {
  // a response takes no shared memory: what lies there is copied once
  const body = bytes === null ? null : bytes.buffer instanceof SharedArrayBuffer ? bytes.slice() : bytes;
  return new Response(body as Uint8Array<ArrayBuffer> | null, { status, headers: { ...headersOfAll, ...headers } });
}

const say = (status: number, sentence: string): Response =>
  respond(status, { 'content-type': 'text/plain; charset=utf-8' }, new TextEncoder().encode(sentence));

/** A request path below an origin, with its query, as it was sent. */
const pathOf = (url: URL): string => url.pathname.slice(1) + url.search;

export interface SchemeOptions {
  app: App;
  /** the built window, `out/renderer` */
  pages: string;
  log(line: string): void;
}

/** Answers every request of the scheme: the window's pages and the bytes of arrays, GET and HEAD only. */
export function createSchemeHandler({ app, pages, log }: SchemeOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'This address can only be read.');
    const url = new URL(request.url);
    if (url.host === arrayHost) {
      const origin = request.headers.get('origin');
      if (origin !== null && origin !== pageOrigin) return say(403, 'This request does not come from the window.');
      const answer = await answerArrayRequest(app, pathOf(url), request.headers.get('range'), log);
      return respond(answer.status, { ...answer.headers, ...arrayHeaders }, answer.bytes);
    }
    if (url.host !== pageHost) return say(404, 'There is nothing at this address.');
    const file = await readPageFile(pages, url.pathname);
    if (file === null) return say(404, 'There is nothing at this address.');
    return respond(200, { 'content-type': file.mediaType, 'cache-control': 'no-cache' }, file.bytes);
  };
}
