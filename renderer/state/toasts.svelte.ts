/*
 * Short messages, read out by screen readers.
 *   toasts.list                        what is shown, oldest first
 *   toasts.tell(text, action?)         good news: leaves after 6 s, later while it is being read
 *   toasts.refuse(reason)              why something cannot be done now: leaves as soon
 *   toasts.warn(text, action?)         stays until closed
 *   toasts.fail(error, action?)        any thrown value: its sentence, "Copy details"; stays until closed
 *   toasts.close(id), toasts.hold(isHeld)
 *   attempt(() => promise)             result, or undefined after a toast of what went wrong
 */
import { EigenscopeError, toPlainError } from '../../workers/model/errors.ts';

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  kind: 'info' | 'warning' | 'error';
  text: string;
  action: ToastAction | null;
  /** what "Copy details" copies */
  details: string | null;
}

const shortMs = 6_000;
const holdMs = 1_500;
const mostShown = 4;
export const undoLabel = 'Undo';

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 1;
  #isHeld = false;

  /** Returns what takes the message away before its time. */
  tell(text: string, action: ToastAction | null = null): () => void {
    return this.#leaving({ kind: 'info', text, action, details: null });
  }

  refuse(reason: string): void {
    this.#leaving({ kind: 'warning', text: reason, action: null, details: null });
  }

  #leaving(toast: Omit<Toast, 'id'>): () => void {
    const id = this.#add(toast);
    const close = (): void => this.close(id);
    const leave = (): void => {
      if (this.#isHeld) setTimeout(leave, holdMs);
      else close();
    };
    setTimeout(leave, shortMs);
    return close;
  }

  warn(text: string, action: ToastAction | null = null): void {
    this.#add({ kind: 'warning', text, action, details: null });
  }

  fail(error: unknown, action: ToastAction | null = null): void {
    if (error instanceof EigenscopeError && error.code === 'cancelled') return;
    if (error instanceof DOMException && error.name === 'AbortError') return;
    this.#add({ kind: 'error', text: sentenceOf(error), action, details: detailsOf(error) });
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
    // what is gone is not under the pointer any more, and does not say so
    if (this.list.length === 0) this.#isHeld = false;
  }

  /** The pointer or the focus is on the messages: none leaves meanwhile. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
  }

  /** After an undo from elsewhere, what offers one speaks of the past. */
  closeUndo(): void {
    this.list = this.list.filter((toast) => toast.action?.label !== undoLabel);
  }

  #add(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++;
    // the same sentence twice says nothing new
    const others = this.list.filter((t) => t.text !== toast.text);
    this.list = [...others, { id, ...toast }].slice(-mostShown);
    return id;
  }
}

export const toasts = new Toasts();

/** What a person reads: the sentence of an expected error; a bug says that it is one. */
export function sentenceOf(error: unknown): string {
  const plain = toPlainError(error);
  return plain.code === 'internal' ? `Something went wrong inside Eigenscope: ${plain.message}` : plain.message;
}

/** What "Copy details" copies: code, sentence and numbers, and where a bug was. */
export function detailsOf(error: unknown): string {
  const plain = toPlainError(error);
  const numbers = Object.entries(plain.details).map(([key, value]) => `${key}: ${value}`);
  const stack = plain.code === 'internal' && error instanceof Error && error.stack ? [error.stack] : [];
  return [`${plain.code}: ${plain.message}`, ...numbers, ...stack].join('\n');
}

export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    toasts.fail(error);
    return undefined;
  }
}
