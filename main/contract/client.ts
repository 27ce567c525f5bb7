import type { PlainError } from '../../workers/model/errors.ts';
import type { EventName, Events, MethodName, Params, Result } from './methods.ts';

/** An answer as it crosses a boundary. */
export type Reply<M extends MethodName> = { ok: true; value: Result<M> } | { ok: false; error: PlainError };

/**
 * What the preload script puts on `window.eigenscope` (Electron), frozen. In a browser the page speaks
 * POST /call, GET /events (server-sent) and GET /arrays/… instead.
 */
export interface Bridge {
  call(method: string, params: unknown): Promise<unknown>;
  on(listener: (event: { name: string; payload: unknown }) => void): () => void;
  /** absolute path of a dropped file */
  pathOf(file: File): string;
}

export interface LoadedArray {
  dtype: string;
  shape: number[];
  /** complex and colour elements come interleaved; int64 as float64 */
  data: Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;
}

/** The one door of the window to the services. */
export interface Client {
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  /** `url` of an ArrayRef or a live url */
  array(url: string, signal?: AbortSignal): Promise<LoadedArray>;
}
