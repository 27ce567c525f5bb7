import { EigenscopeError, toPlainError } from '../workers/model/errors.ts';
import type { AnyReply } from './app-types.ts';
import type { MethodName, Params, Result } from './contract/methods.ts';
import { isMethod, validateCall } from './contract/validate.ts';

/** What a service gives for each method; the parameters have been checked. */
export type Handlers = { [M in MethodName]: (params: Params<M>) => Promise<Result<M>> | Result<M> };

/** Name and JSON in → check → service → JSON out. Never rejects; bugs are logged with their stack and answered without it. */
export function createRouter(handlers: Handlers, log: (line: string) => void) {
  return async (method: string, params: unknown): Promise<AnyReply> => {
    try {
      if (!isMethod(method)) throw new EigenscopeError('bad-request', `There is no method “${method.slice(0, 60)}”.`);
      const handler = handlers[method] as (checked: unknown) => unknown;
      return { ok: true, value: await handler(validateCall(method, params)) };
    } catch (thrown) {
      const error = toPlainError(thrown);
      if (error.code === 'internal') log(`${method}: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
      return { ok: false, error };
    }
  };
}
