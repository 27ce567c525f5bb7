import { describe, expect, it } from 'vitest';
import { answerWithArray, parseRange } from './array-answer.ts';

/* Cases of RFC 9110, section 14.1.2, over ten thousand bytes, and what section 14.2 says to ignore. */
describe('parseRange', () => {
  it.each<[string | null, readonly [number, number] | 'whole' | 'unsatisfiable']>([
    ['bytes=0-499', [0, 500]],
    ['bytes=500-999', [500, 1000]],
    ['bytes=-500', [9500, 10000]],
    ['bytes=9500-', [9500, 10000]],
    ['bytes=0-0', [0, 1]],
    ['bytes=-1', [9999, 10000]],
    ['bytes=9000-99999', [9000, 10000]],
    ['bytes=-99999', [0, 10000]],
    ['bytes=10000-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', 'whole'],
    ['bytes=0-1,3-4', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=a-b', 'whole'],
    ['lines=0-1', 'whole'],
    ['', 'whole'],
    [null, 'whole'],
  ])('reads %j', (header, expected) => {
    expect(parseRange(header, 10000)).toEqual(expected);
  });

  it('finds nothing in an empty array', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(parseRange('bytes=-1', 0)).toBe('unsatisfiable');
  });
});

describe('answerWithArray', () => {
  const array = { dtype: 'uint16', shape: [2, 3], bytes: Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0) };

  it('names type and shape and the length of what is sent', () => {
    const { status, headers, bytes } = answerWithArray(array, null);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'x-dtype': 'uint16',
      'x-shape': '2,3',
      'content-length': '12',
      'accept-ranges': 'bytes',
    });
    expect(bytes).toEqual(array.bytes);
  });

  it('sends a view of a part, not a copy', () => {
    const { status, headers, bytes } = answerWithArray(array, 'bytes=2-3');
    expect(status).toBe(206);
    expect(headers).toMatchObject({ 'content-range': 'bytes 2-3/12', 'content-length': '2' });
    expect([...bytes]).toEqual([2, 0]);
    expect(bytes.buffer).toBe(array.bytes.buffer);
  });

  it('says how long the array is when the part lies outside', () => {
    expect(answerWithArray(array, 'bytes=12-')).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */12' },
    });
  });

  it('gives a single number an empty shape', () => {
    expect(answerWithArray({ ...array, shape: [] }, null).headers['x-shape']).toBe('');
  });
});
