/*
 * The client of this window, given once at start. Only state modules use it; components call actions.
 *   connect(client)   at start
 *   client()          afterwards
 */
import type { Client } from '../../main/contract/client.ts';

let connected: Client | null = null;

export function connect(client: Client): void {
  connected = client;
}

export function client(): Client {
  if (connected === null) throw new Error('The window has no client yet.');
  return connected;
}
