import { toPlainError } from '../../../workers/model/errors.ts';
import type { PlainError } from '../../../workers/model/errors.ts';
import type { AnyReply, App, ServedArray } from '../../app-types.ts';

export interface BytesAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  bytes: Uint8Array;
}

/**
 * One range of a `Range` header over `size` bytes, as [first, end).
 *
 * @returns `'whole'` where RFC 9110 (section 14.2) says to ignore the header: none, another unit, several ranges,
 *          not understood; `'unsatisfiable'` when it starts beyond the end
 */
export function parseRange(header: string | null, size: number): readonly [number, number] | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null) return 'whole';
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return 'whole';
  if (from === '') {
    const count = Math.min(Number(to), size);
    return count === 0 ? 'unsatisfiable' : [size - count, size];
  }
  const first = Number(from);
  const last = to === '' ? Infinity : Number(to);
  if (last < first) return 'whole';
  return first >= size ? 'unsatisfiable' : [first, Math.min(last + 1, size)];
}

const notThere: PlainError = {
  code: 'not-found',
  message: 'There is no such array; its data set or result may have been closed.',
  details: {},
};

function refuse(status: number, error: PlainError): BytesAnswer {
  const reply: AnyReply = { ok: false, error };
  const bytes = new TextEncoder().encode(JSON.stringify(reply));
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(bytes.byteLength),
      'cache-control': 'no-store',
    },
    bytes,
  };
}

/**
 * The answer to a request for the array at `path` (relative to the array root, with its query). What cannot be had
 * is a reply in JSON as for a call: 404 where there is no such array, 400 for an error the user can act on, 500 for
 * a bug, which is logged.
 */
export async function answerArrayRequest(
  app: App,
  path: string,
  rangeHeader: string | null,
  log: (line: string) => void,
): Promise<BytesAnswer> {
  let array: ServedArray | null;
  try {
    array = await app.array(path);
  } catch (thrown) {
    const error = toPlainError(thrown);
    if (error.code === 'internal') log(`arrays/${path}: ${error.message}`);
    return refuse(error.code === 'internal' ? 500 : error.code === 'not-found' ? 404 : 400, error);
  }
  return array === null ? refuse(404, notThere) : answerWithArray(array, rangeHeader);
}

/** The answer to a request for an array: its bytes, or the part asked for, with type and shape in the headers. */
export function answerWithArray(array: ServedArray, rangeHeader: string | null): BytesAnswer {
  const size = array.bytes.byteLength;
  const range = parseRange(rangeHeader, size);
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    // a result never changes, a live view does: the page keeps what it wants to keep
    'cache-control': 'no-store',
    'x-dtype': array.dtype,
    'x-shape': array.shape.join(','),
  };
  if (range === 'unsatisfiable') {
    return {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${size}`, 'content-length': '0' },
      bytes: new Uint8Array(0),
    };
  }
  const [first, end] = range === 'whole' ? [0, size] : range;
  headers['content-length'] = String(end - first);
  if (range !== 'whole') headers['content-range'] = `bytes ${first}-${end - 1}/${size}`;
  return { status: range === 'whole' ? 200 : 206, headers, bytes: array.bytes.subarray(first, end) };
}
