import type { IncomingMessage } from 'node:http';

export type CallBody = { ok: true; method: string; params: unknown } | { ok: false; status: number; message: string };

/** Control is small JSON; data never travel this way. */
const maximumBytes = 4 * 1024 * 1024;

const refuse = (status: number, message: string): CallBody => ({ ok: false, status, message });

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) return null;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Reads `{method, params}` of POST /call; whatever else comes gets the status and sentence to answer with. */
export async function readCallBody(request: IncomingMessage, limit = maximumBytes): Promise<CallBody> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return refuse(415, `A call is application/json; got ${type || 'no content type'}.`);
  const bytes = await readBytes(request, limit);
  if (bytes === null) return refuse(413, `A call may have ${limit} bytes at most.`);
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refuse(400, 'A call must be JSON in UTF-8; this one could not be parsed.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse(400, 'A call must be an object with "method" and "params".');
  }
  const { method, params } = body as { method?: unknown; params?: unknown };
  if (typeof method !== 'string') return refuse(400, 'A call names its "method" as text.');
  return { ok: true, method, params: params ?? {} };
}
