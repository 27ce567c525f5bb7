import type { Bridge, Client } from '../../main/contract/client.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { decodeArray } from './decode-array.ts';
import { createListeners } from './listeners.ts';
import { unwrapReply } from './reply.ts';

/** The services of the same application, through what the preload script put on the window. */
export function createBridgeClient(bridge: Bridge): Client {
  const listeners = createListeners();
  bridge.on((event) => listeners.emit(event.name, event.payload));
  return {
    async call(method, params) {
      return unwrapReply(await bridge.call(method, params)) as never;
    },
    on: listeners.on,
    async array(url, signal) {
      const response = await fetch(`app://arrays/${url.replace(/^\//, '')}`, signal ? { signal } : {});
      if (!response.ok) {
        unwrapReply(await response.json().catch(() => null));
        throw new EigenscopeError('not-found', `The data at ${url} could not be read (${response.status}). Try again.`);
      }
      const buffer = await response.arrayBuffer();
      return decodeArray(response.headers.get('x-dtype'), response.headers.get('x-shape'), buffer);
    },
  };
}
