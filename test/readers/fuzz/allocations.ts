/* Large memory that is asked for is caught when it is asked for: pages that nobody touches do not show in the size of a process. */

const typed = [
  'Uint8Array',
  'Uint8ClampedArray',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

/** Places where more than the limit was asked for, since the last call. */
export type TakeLargeAllocations = () => string[];

/**
 * Watches the makers of binary memory for requests beyond a limit. They are let through: what asked is told.
 * @param limit bytes
 */
export function watchAllocations(limit: number): TakeLargeAllocations {
  let found: string[] = [];
  const note = (bytes: number): void => {
    if (bytes > limit) found.push(new Error(`asked for ${bytes} bytes at once`).stack ?? String(bytes));
  };
  const watch = (name: string, bytesOf: (argument: unknown) => number): void => {
    const scope = globalThis as unknown as Record<string, new (...args: unknown[]) => object>;
    const maker = scope[name]!;
    const watched: typeof maker = new Proxy(maker, {
      construct(target, args: unknown[], newTarget): object {
        const bytes = bytesOf(args[0]);
        if (bytes > limit) note(bytes);
        return Reflect.construct(target, args, newTarget === watched ? target : newTarget) as object;
      },
    });
    (maker.prototype as { constructor: unknown }).constructor = watched;
    scope[name] = watched;
  };
  const plain = (argument: unknown): number => (typeof argument === 'number' ? argument : 0);
  watch('ArrayBuffer', plain);
  watch('SharedArrayBuffer', plain);
  for (const name of typed) {
    const { BYTES_PER_ELEMENT: size } = globalThis[name];
    watch(name, (argument) => plain(argument) * size);
  }
  watch('Array', plain);
  for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const) {
    const make = Buffer[name].bind(Buffer) as (size: number, ...rest: unknown[]) => Buffer;
    (Buffer as unknown as Record<string, unknown>)[name] = (size: number, ...rest: unknown[]) => {
      note(size);
      return make(size, ...rest);
    };
  }
  return () => {
    const taken = found;
    found = [];
    return taken;
  };
}
