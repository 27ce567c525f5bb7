import { EigenscopeError, fromPlainError, type PlainError } from '../../workers/model/errors.ts';

/** The value of a reply that crossed a boundary, or its error, rebuilt and thrown. */
export function unwrapReply(reply: unknown): unknown {
  if (typeof reply === 'object' && reply !== null && 'ok' in reply) {
    if (reply.ok === true && 'value' in reply) return reply.value;
    if (reply.ok === true) return null;
    if ('error' in reply && isPlainError(reply.error)) throw fromPlainError(reply.error);
  }
  throw new EigenscopeError('bad-request', 'The answer could not be read. Restart Eigenscope; if it stays, report it.');
}

const isPlainError = (value: unknown): value is PlainError =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  'message' in value &&
  typeof value.message === 'string';
