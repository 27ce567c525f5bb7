import type { PlainError } from '../workers/model/errors.ts';

/** An answer as a host passes it on, of whichever method. */
export type AnyReply = { ok: true; value: unknown } | { ok: false; error: PlainError };

/** The bytes behind an array URL: little-endian, C order; a host sends them as they are. */
export interface ServedArray {
  /** NumPy's name of the element type */
  dtype: string;
  shape: readonly number[];
  bytes: Uint8Array;
}

/** Something that happened, as it crosses to a window: a name of `Events` and its payload, plain JSON. */
export interface AppEvent {
  name: string;
  payload: unknown;
}

/** The whole application as a host sees it: calls in, events out, arrays by name. */
export interface App {
  /** Never rejects: an unknown method, bad parameters and bugs are all answers with `ok: false`. */
  call(method: string, params: unknown): Promise<AnyReply>;
  /** Returns the function that stops listening. */
  on(listener: (event: AppEvent) => void): () => void;
  /** `path` is an array URL relative to the host's array root, with its query; null when there is no such array. */
  array(path: string): Promise<ServedArray | null>;
  /** Ends jobs and threads and closes what is open; safe to call twice. */
  shutdown(): Promise<void>;
}
