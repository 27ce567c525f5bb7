/** Stable codes of the errors a person can act on; the sentence and the numbers come with the error. */
export type ErrorCode =
  | 'parameter-out-of-range'
  | 'shape-mismatch'
  | 'not-finite'
  | 'negative-data'
  | 'all-masked'
  | 'too-few-samples'
  | 'did-not-converge'
  | 'out-of-memory'
  | 'unknown-operation'
  | 'unknown-algorithm'
  | 'bad-recipe'
  | 'bad-request'
  | 'file-not-found'
  | 'not-readable'
  | 'unsupported-format'
  | 'truncated-file'
  | 'corrupt-file'
  | 'file-changed'
  | 'exists'
  | 'not-writable'
  | 'disk-full'
  /** something large would be written that nobody has agreed to */
  | 'needs-consent'
  | 'locked'
  | 'newer-version'
  | 'not-found'
  | 'forbidden'
  | 'busy'
  | 'worker-lost'
  | 'plugin-failed'
  | 'cancelled';

export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** What crosses a thread, process or network boundary in place of the error object. */
export interface PlainError {
  code: ErrorCode | 'internal';
  message: string;
  details: ErrorDetails;
}

/**
 * An error the user can act on: what was found, what was expected, what to do next.
 * Everything else that is thrown is a bug and is reported as one.
 */
export class EigenscopeError extends Error {
  override readonly name = 'EigenscopeError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}

/** The plain form of any thrown value; only the message of a bug is passed on, never its stack. */
export function toPlainError(thrown: unknown): PlainError {
  if (thrown instanceof EigenscopeError) {
    return { code: thrown.code, message: thrown.message, details: thrown.details };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, details: {} };
}

/** Rebuilds the error on the far side of a boundary. */
export function fromPlainError(plain: PlainError): Error {
  if (plain.code === 'internal') return new Error(plain.message);
  return new EigenscopeError(plain.code, plain.message, plain.details);
}
