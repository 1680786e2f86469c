// The fixed names: the schema of the envelope knows the same passes and architectures.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COMPONENT_ARCHITECTURES, COMPONENT_IDENTITY, PASSES, UNATTEND_NAMESPACE } from '../../unattend/names.ts';

const schema = readFileSync(new URL('../../unattend/answer-file.xsd', import.meta.url), 'utf8');

test('the schema lists the same passes and architectures', () => {
  const listed = (type: string) => {
    const body = schema.slice(schema.indexOf(`<xs:simpleType name="${type}"`)).split('</xs:simpleType>')[0]!;
    return [...body.matchAll(/enumeration value="([^"]+)"/g)].map((match) => match[1]);
  };
  assert.equal(listed('passType'), [...PASSES]);
  assert.equal(listed('architectureType'), [...COMPONENT_ARCHITECTURES]);
  assert.ok(schema.includes(`targetNamespace="${UNATTEND_NAMESPACE}"`));
});

test('components carry the token of Windows itself', () => {
  assert.match(COMPONENT_IDENTITY.publicKeyToken, /^[0-9a-f]{16}$/);
});

test.run();
