import type { Client } from '../../main/contract/client.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { decodeArray } from './decode-array.ts';
import { createListeners } from './listeners.ts';
import { unwrapReply } from './reply.ts';

/** Characters; most are ASCII, and the limit of 64 KiB counts bytes. */
const MOST_KEPT_ALIVE = 20_000;

/**
 * The services of this computer over HTTP: POST call, GET events (server-sent, reconnecting), GET arrays/….
 * @param base  address of the page's folder, with a slash at the end
 * @param onConnection  told whenever the event stream is lost or back
 */
export function createHttpClient(base: string, onConnection: (isUp: boolean) => void): Client {
  const listeners = createListeners();
  const address = (path: string): string => new URL(path, base).href;
  listenForever(address('events'), listeners.emit, onConnection);

  return {
    async call(method, params) {
      const body = JSON.stringify({ method, params });
      const response = await reach(address('call'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        // what is kept while the page is left has to outlive it; browsers allow 64 KiB of that
        ...(method === 'project.layout' && body.length < MOST_KEPT_ALIVE ? { keepalive: true } : {}),
      });
      // errors come as replies too, whatever the status
      return unwrapReply(await response.json().catch(() => null)) as never;
    },
    on: listeners.on,
    async array(url, signal) {
      const response = await reach(address(`arrays/${url.replace(/^\/?(arrays\/)?/, '')}`), signal ? { signal } : {});
      if (!response.ok) {
        unwrapReply(await response.json().catch(() => null));
        throw new EigenscopeError('not-found', `The data at ${url} could not be read (${response.status}). Try again.`);
      }
      const buffer = await response.arrayBuffer();
      return decodeArray(response.headers.get('x-dtype'), response.headers.get('x-shape'), buffer);
    },
  };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw new EigenscopeError(
      'not-readable',
      'Eigenscope does not answer any more. Check that its window or terminal is still open, then reload this page.',
    );
  }
}

/** EventSource tries again by itself after a lost connection, but gives up on an error status: then we do. */
function listenForever(
  url: string,
  emit: (name: string, payload: unknown) => void,
  onConnection: (up: boolean) => void,
): void {
  let waitMs = 500;
  const connect = (): void => {
    const source = new EventSource(url, { withCredentials: true });
    source.onopen = () => {
      waitMs = 500;
      onConnection(true);
    };
    source.onmessage = (message) => {
      const event = parseEvent(message.data);
      if (event !== null) emit(event.name, event.payload);
    };
    source.onerror = () => {
      onConnection(false);
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, 10_000);
    };
  };
  connect();
}

function parseEvent(data: unknown): { name: string; payload: unknown } | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed: unknown = JSON.parse(data);
    if (typeof parsed !== 'object' || parsed === null || !('name' in parsed) || typeof parsed.name !== 'string')
      return null;
    return { name: parsed.name, payload: 'payload' in parsed ? parsed.payload : null };
  } catch {
    return null;
  }
}
