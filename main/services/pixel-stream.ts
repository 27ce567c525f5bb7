import { on } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import type { SignalHeader } from '../../workers/model/signal.ts';
import type { BlockMessage } from '../../workers/tasks/pixel-blocks.ts';
import type { Pool } from './pool.ts';

/**
 * The elements of a signal in C order of its shape, read or computed by a thread while the block before is written: what
 * has to be unpacked or prepared would keep the window waiting. Each block is valid until the next one is asked for.
 * @throws EigenscopeError what reading the pixels throws
 */
export async function* pixelBlocks(pool: Pool, signal: SignalHeader): AsyncGenerator<Uint8Array> {
  const { port1: port, port2 } = new MessageChannel();
  const blocks = on(port, 'message', { close: ['close'] }) as AsyncIterable<[BlockMessage]>;
  const done = pool.run('pixelBlocks', { signal, port: port2 }, { transfer: [port2] });
  // what ends without a word, as a thread that is lost, ends the loop below
  done.catch(() => port.close());
  try {
    for await (const [message] of blocks) {
      if (message === 'end') break;
      yield new Uint8Array(message.buffer, 0, message.bytes);
      port.postMessage(message.buffer);
    }
    await done;
  } finally {
    port.close();
    // the file is closed when this is over, also where its taker has failed
    await done.catch(() => undefined);
  }
}
