import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Who may talk to the web host: the page it served itself, in the browser that was given the link.
 * Any program of this computer and any web site in any tab can reach a loopback port, hence all of: the name it was
 * called by (against DNS rebinding), the page a request comes from (against other sites), and the cookie that only
 * the first opener of the one-time link has.
 */
export interface Access {
  /** `/?token=…`, once */
  token: string;
  /** Exchanges the token for the cookie's header value; null when it is wrong or used. */
  exchange(token: string): string | null;
  /** Why a request is refused, as a sentence, or null when it may pass. */
  refusal(request: { method: string; headers: IncomingHttpHeaders }): string | null;
  /** Whether the Host header names us; checked before anything else, the token included. */
  isOwnHost(headers: IncomingHttpHeaders): boolean;
}

const secret = (): string => randomBytes(32).toString('base64url');

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function cookieValues(header: string | undefined, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** @param port  cookies do not know ports, so the name of ours carries it: two windows keep apart */
export function createAccess(port: number): Access {
  const token = secret();
  const session = secret();
  const cookieName = `eigenscope-${port}`;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // a browser leaves the port out of Host and Origin when it is the scheme's own
  if (port === 80) hosts.push('127.0.0.1', 'localhost');
  const origins = hosts.map((host) => `http://${host}`);
  let used = false;

  const isOwnHost = (headers: IncomingHttpHeaders): boolean => hosts.includes((headers.host ?? '').toLowerCase());

  return {
    token,
    isOwnHost,
    exchange(offered) {
      if (used || !sameText(offered, token)) return null;
      used = true;
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
    refusal({ method, headers }) {
      if (!isOwnHost(headers)) return 'This address is not the one Eigenscope serves.';
      const { origin } = headers;
      if (origin !== undefined ? !origins.includes(origin) : method !== 'GET' && method !== 'HEAD') {
        return 'This request does not come from the Eigenscope page.';
      }
      const site = headers['sec-fetch-site'];
      if (site !== undefined && site !== 'same-origin' && site !== 'none') {
        return 'This request does not come from the Eigenscope page.';
      }
      if (!cookieValues(headers.cookie, cookieName).some((value) => sameText(value, session))) {
        return 'This browser has not been let in: open the link that Eigenscope printed, or start it again for a new one.';
      }
      return null;
    },
  };
}
