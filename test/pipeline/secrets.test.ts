// Secrets by reference: revealed only when asked for, never shown.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { revealSecret, secret, showSecretRef } from '../../pipeline/secrets.ts';
import { withScratch } from '../../tools/scratch.ts';

async function refusal(run: Promise<unknown>): Promise<ConfigError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, ConfigError);
  return error as ConfigError;
}

test('an environment variable gives its value, an absent or empty one is refused', async () => {
  assert.is(await revealSecret(secret.env('A'), { env: { A: 'geheim' } }), 'geheim');
  for (const env of [{}, { A: '' }]) {
    const error = await refusal(revealSecret(secret.env('A'), { env }));
    assert.is(error.code, 'SECRET_ABSENT');
    assert.match(error.message, 'secret.env("A")');
  }
});

test('a file gives its content without the last line end', async () => {
  await withScratch(async (folder) => {
    const path = join(folder, 'password');
    await writeFile(path, ' geheim \r\n');
    assert.is(await revealSecret(secret.file(path)), ' geheim ');
    assert.is(await revealSecret(secret.file('password'), { folder }), ' geheim ', 'a path starts at the folder of the config');
    await writeFile(path, '\n');
    assert.match((await refusal(revealSecret(secret.file(path)))).message, 'is empty');
    await writeFile(path, Buffer.alloc(70_000, 'x'));
    assert.match((await refusal(revealSecret(secret.file(path)))).message, 'larger than');
    assert.is((await refusal(revealSecret(secret.file(join(folder, 'absent'))))).code, 'SECRET_ABSENT');
    assert.is((await refusal(revealSecret(secret.file(folder)))).code, 'SECRET_ABSENT');
  });
});

test('a reference shows where the secret is, not what it is', () => {
  assert.is(showSecretRef(secret.env('A')), 'secret.env("A")');
  assert.is(showSecretRef(secret.file('/run/secret')), 'secret.file("/run/secret")');
});

test.run();
