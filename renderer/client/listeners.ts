import type { EventName, Events } from '../../main/contract/methods.ts';

type Listener = (payload: unknown) => void;

/** The listeners of a client by event name; `emit` is told what arrived. */
export function createListeners(): {
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  emit(name: string, payload: unknown): void;
} {
  const byName = new Map<string, Set<Listener>>();
  return {
    on(event, listener) {
      const set = byName.get(event) ?? new Set();
      byName.set(event, set);
      // each registration is its own entry, even of the same function
      const entry: Listener = (payload) => (listener as Listener)(payload);
      set.add(entry);
      return () => set.delete(entry);
    },
    emit(name, payload) {
      for (const listener of [...(byName.get(name) ?? [])]) listener(payload);
    },
  };
}
