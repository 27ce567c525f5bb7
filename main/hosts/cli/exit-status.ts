import type { ErrorCode } from '../../../workers/model/errors.ts';
import { EigenscopeError } from '../../../workers/model/errors.ts';

/** Exit statuses of the command line: a contract with scripts. */
export const exitStatus = {
  done: 0,
  bug: 1,
  wrongUse: 2,
  badInput: 3,
  cannotRun: 4,
  cannotWrite: 5,
  cancelled: 130,
} as const;

const byCode: Readonly<Record<ErrorCode, number>> = {
  'parameter-out-of-range': exitStatus.wrongUse,
  'bad-recipe': exitStatus.wrongUse,
  'bad-request': exitStatus.wrongUse,
  'unknown-operation': exitStatus.wrongUse,
  'unknown-algorithm': exitStatus.wrongUse,
  forbidden: exitStatus.wrongUse,
  busy: exitStatus.wrongUse,
  'not-found': exitStatus.wrongUse,
  'file-not-found': exitStatus.badInput,
  'not-readable': exitStatus.badInput,
  'unsupported-format': exitStatus.badInput,
  'truncated-file': exitStatus.badInput,
  'corrupt-file': exitStatus.badInput,
  'file-changed': exitStatus.badInput,
  'newer-version': exitStatus.badInput,
  'shape-mismatch': exitStatus.cannotRun,
  'not-finite': exitStatus.cannotRun,
  'negative-data': exitStatus.cannotRun,
  'all-masked': exitStatus.cannotRun,
  'too-few-samples': exitStatus.cannotRun,
  'did-not-converge': exitStatus.cannotRun,
  'out-of-memory': exitStatus.cannotRun,
  'needs-consent': exitStatus.cannotRun,
  'worker-lost': exitStatus.cannotRun,
  'plugin-failed': exitStatus.cannotRun,
  exists: exitStatus.cannotWrite,
  'not-writable': exitStatus.cannotWrite,
  'disk-full': exitStatus.cannotWrite,
  locked: exitStatus.cannotWrite,
  cancelled: exitStatus.cancelled,
};

/** The exit status of an error; a bug is 1. */
export const statusOf = (thrown: unknown): number =>
  thrown instanceof EigenscopeError ? byCode[thrown.code] : exitStatus.bug;
