import type { AnyReply, App, AppEvent, ServedArray } from '../../main/app-types.ts';

export interface FakeApp extends App {
  calls: { method: string; params: unknown }[];
  emit(event: AppEvent): void;
  arrays: Map<string, ServedArray>;
  ended: number;
  /** how many listen for events */
  listening(): number;
}

/** An application that records its calls, answers with what it got, and serves the arrays a test puts in. */
export function createFakeApp(answer?: (method: string, params: unknown) => AnyReply): FakeApp {
  const listeners = new Set<(event: AppEvent) => void>();
  const app: FakeApp = {
    calls: [],
    arrays: new Map(),
    ended: 0,
    call(method, params) {
      app.calls.push({ method, params });
      return Promise.resolve(answer?.(method, params) ?? { ok: true, value: { method, params } });
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    array: (path) => Promise.resolve(app.arrays.get(path) ?? null),
    listening: () => listeners.size,
    shutdown() {
      app.ended += 1;
      return Promise.resolve();
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
  };
  return app;
}
