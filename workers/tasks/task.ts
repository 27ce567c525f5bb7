import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { PlainError } from '../model/errors.ts';
import { toPlainError } from '../model/errors.ts';

/** What a pool thread answers: an error's code and details would not survive as a thrown error. */
export type TaskReply<T> = { ok: true; value: T } | { ok: false; error: PlainError };

/** Buffers that can change owner instead of being copied (shared memory is not transferable and need not be). */
export function transferablesIn(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    for (const item of value) transferablesIn(item, found);
  } else if (value !== null && typeof value === 'object' && !(value instanceof SharedArrayBuffer)) {
    for (const item of Object.values(value)) transferablesIn(item, found);
  }
  return found;
}

/** Runs a task body and answers in plain form; result arrays are moved, not copied. */
export async function answer<T>(body: () => Promise<T> | T): Promise<TaskReply<T>> {
  try {
    const reply: TaskReply<T> = { ok: true, value: await body() };
    const transfer = [...transferablesIn(reply.value)];
    if (transfer.length === 0) return reply;
    return move({ [transferableSymbol]: transfer, [valueSymbol]: reply } as never) as unknown as TaskReply<T>;
  } catch (thrown) {
    return { ok: false, error: toPlainError(thrown) };
  }
}
