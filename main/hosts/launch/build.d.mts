export const projectRoot: string;
/** A digest of every source file. */
export function fingerprint(root?: string): string;
/** Whether `out/` was built from other sources than the present ones, or not at all. */
export function isStale(root?: string): boolean;
/** Runs `task` while no other process holds `lock`. */
export function withLock<T>(lock: string, task: () => T | Promise<T>): Promise<T>;
/** Builds `out/` if it is stale. */
export function ensureBuilt(options?: { root?: string; say?: (line: string) => void }): Promise<void>;
