import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unpackZip, writeZipOfFolder } from '../../main/io/zip-store.ts';
import { createZipWriter } from '../../main/io/zip-writer.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'eigenscope-zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function archive(name: string, members: readonly (readonly [string, string])[]): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, 'w+');
  const zip = createZipWriter(file);
  for (const [member, text] of members) await zip.add(member, text.length, [Buffer.from(text)]);
  await zip.end();
  await file.close();
  return path;
}

/** Changes all places where a text stands in an archive (local header and directory). */
function patch(path: string, change: (bytes: Buffer) => void): string {
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes);
  return path;
}

const replaceAll = (from: string, to: string) => (bytes: Buffer) => {
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, 'latin1');
};

describe('a folder as one file', () => {
  it('comes back as it was, without its links', async () => {
    const source = join(folder, 'source');
    mkdirSync(join(source, 'results', 'svd'), { recursive: true });
    writeFileSync(join(source, 'manifest.json'), '{"schema":1}');
    writeFileSync(join(source, 'results', 'svd', 'factors µ.npy'), Buffer.alloc(300_000, 7));
    writeFileSync(join(source, 'empty'), '');
    symlinkSync('/etc/hostname', join(source, 'link'));
    const path = join(folder, 'project.eigs');
    await writeZipOfFolder(path, source, { overwrite: false });
    await expect(writeZipOfFolder(path, source, { overwrite: false })).rejects.toMatchObject({ code: 'exists' });
    const out = join(folder, 'out');
    await unpackZip(path, out);
    expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toBe('{"schema":1}');
    expect(readFileSync(join(out, 'results', 'svd', 'factors µ.npy')).equals(Buffer.alloc(300_000, 7))).toBe(true);
    expect(readFileSync(join(out, 'empty'))).toHaveLength(0);
    expect(existsSync(join(out, 'link'))).toBe(false);
    await expect(unpackZip(path, out)).rejects.toMatchObject({ code: 'exists' });
  });

  it('has the same bytes every time', async () => {
    const first = await archive('same-1.zip', [['a', 'b']]);
    const second = await archive('same-2.zip', [['a', 'b']]);
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
  });
});

describe('archives from outside', () => {
  const refused = async (path: string) => {
    const out = join(folder, 'refused');
    await expect(unpackZip(path, out)).rejects.toMatchObject({ name: 'EigenscopeError', code: 'corrupt-file' });
    expect(existsSync(out)).toBe(false);
  };

  it.each(['../evil.txt', 'a/../../evil.txt', '/etc/evil.txt', 'C:/evil.txt', 'a//b', './a', 'a/.', 'a\\..\\evil.txt'])(
    'cannot write outside the folder by the name %s',
    async (name) =>
      refused(
        await archive('escape.zip', [
          ['fine.txt', 'x'],
          [name, 'evil'],
        ]),
      ),
  );

  it('cannot bring a symbolic link', async () => {
    const path = await archive('link.zip', [['link', '/etc/passwd']]);
    // Upper half of the external attributes: file type and permissions.
    await refused(patch(path, (bytes) => bytes.writeUInt16LE(0o120777, bytes.indexOf('PK\x01\x02') + 40)));
  });

  it('cannot claim more than its bytes can unpack to', async () => {
    const path = await archive('bomb.zip', [['bomb', 'eight by']]);
    await refused(
      patch(path, (bytes) => {
        const entry = bytes.indexOf('PK\x01\x02');
        bytes.writeUInt16LE(8, entry + 10);
        bytes.writeUInt32LE(2 ** 31, entry + 24);
      }),
    );
  });

  it('cannot have two members share their bytes', async () => {
    const path = await archive(
      'overlap.zip',
      Array.from({ length: 40 }, (_, i) => [`member-${i}`, 'x'.repeat(500)] as const),
    );
    await refused(
      patch(path, (bytes) => {
        for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
          bytes.writeUInt32LE(20_000, at + 20);
          bytes.writeUInt32LE(20_000, at + 24);
        }
      }),
    );
  });

  it('cannot have one name twice', async () =>
    refused(
      await archive('twice.zip', [
        ['a', '1'],
        ['a', '2'],
      ]),
    ));

  it('are refused when a byte of the content differs', async () =>
    refused(patch(await archive('crc.zip', [['a', 'content of a']]), replaceAll('content', 'cOntent'))));

  it('are refused when cut, empty or something else', async () => {
    const path = await archive('cut.zip', [['a', 'content']]);
    const bytes = readFileSync(path);
    for (const bad of [
      bytes.subarray(0, 40),
      bytes.subarray(0, bytes.length - 4),
      Buffer.alloc(0),
      Buffer.from('no archive at all'),
    ]) {
      writeFileSync(path, bad);
      await refused(path);
    }
    await expect(unpackZip(join(folder, 'nowhere.zip'), join(folder, 'x'))).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });

  it('200 mutants are unpacked or refused, never worse', async () => {
    const sound = readFileSync(
      await archive('sound.zip', [
        ['manifest.json', '{}'],
        ['a/b.npy', 'x'.repeat(300)],
      ]),
    );
    let state = 99;
    const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31);
    const path = join(folder, 'mutant.zip');
    const out = join(folder, 'mutant');
    let refusals = 0;
    for (let n = 0; n < 200; n++) {
      const bytes = Buffer.from(sound);
      for (let i = 0; i <= n % 4; i++) bytes[random() % bytes.length]! ^= 1 << (random() % 8);
      writeFileSync(path, bytes);
      try {
        await unpackZip(path, out);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(EigenscopeError);
        refusals += 1;
        expect(existsSync(out)).toBe(false);
      }
      rmSync(out, { recursive: true, force: true });
    }
    expect(refusals).toBeGreaterThan(100);
  });
});
