import type { App } from '../../app-types.ts';

export interface RecentFile {
  path: string;
  name: string;
}

/** Calls after which the list of recent files may have changed. */
const opening = new Set(['dataset.open', 'project.open', 'project.save']);

/** The path that a successful call has opened or saved, or null. */
export function openedPath(method: string, params: unknown): string | null {
  if (!opening.has(method) || typeof params !== 'object' || params === null) return null;
  const { path } = params as { path?: unknown };
  return typeof path === 'string' && path !== '' ? path : null;
}

/** The list the application keeps, newest first; empty when it cannot be had. */
export async function readRecent(app: App): Promise<readonly RecentFile[]> {
  const reply = await app.call('app.info', {});
  if (!reply.ok || typeof reply.value !== 'object' || reply.value === null) return [];
  const { recent } = reply.value as { recent?: unknown };
  return Array.isArray(recent) ? (recent as RecentFile[]) : [];
}
