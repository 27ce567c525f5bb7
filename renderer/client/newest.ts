/** Asks for one thing at a time; of what is asked for meanwhile only the newest is kept. */
export interface Newest<Key> {
  ask(key: Key): void;
  /** forgets what is under way: its answer is dropped */
  cancel(): void;
}

/**
 * For a cursor that moves faster than answers come: one request in flight, newest wins, answers in order.
 * `deliver` gets every answer that was in flight, so that the picture keeps moving during a drag;
 * after `cancel` nothing older is delivered.
 */
export function createNewest<Key, Value>(
  fetchOne: (key: Key) => Promise<Value>,
  deliver: (value: Value, key: Key) => void,
  fail: (error: unknown, key: Key) => void,
): Newest<Key> {
  let waiting: { key: Key } | null = null;
  let isBusy = false;
  let generation = 0;

  async function run(key: Key): Promise<void> {
    const mine = generation;
    isBusy = true;
    try {
      const value = await fetchOne(key);
      if (mine === generation) deliver(value, key);
    } catch (error) {
      if (mine === generation) fail(error, key);
    }
    if (mine !== generation) return;
    isBusy = false;
    const next = waiting;
    waiting = null;
    if (next !== null) void run(next.key);
  }

  return {
    ask(key) {
      if (isBusy) waiting = { key };
      else void run(key);
    },
    cancel() {
      generation++;
      isBusy = false;
      waiting = null;
    },
  };
}
