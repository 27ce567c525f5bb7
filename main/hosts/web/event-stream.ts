import type { ServerResponse } from 'node:http';
import type { AppEvent } from '../../app-types.ts';

/** A page that stops reading is dropped at this many unsent bytes; it reconnects by itself and asks for the state. */
const maximumBacklog = 8 * 1024 * 1024;
const heartbeatMs = 15_000;

/** Server-sent events on one answer; `send` never throws, `onClose` runs once when the page has gone. */
export function openEventStream(response: ServerResponse, onClose: () => void): (event: AppEvent) => void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  // a comment at once tells the browser that the stream is open
  response.write(': open\n\n');
  const heartbeat = setInterval(() => response.write(': alive\n\n'), heartbeatMs);
  heartbeat.unref();
  response.once('close', () => {
    clearInterval(heartbeat);
    onClose();
  });
  response.on('error', () => response.destroy());
  return (event) => {
    if (response.destroyed || response.writableEnded) return;
    if (response.writableLength > maximumBacklog) {
      response.destroy();
      return;
    }
    response.write(`data: ${JSON.stringify({ name: event.name, payload: event.payload })}\n\n`);
  };
}
