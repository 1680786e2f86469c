// Validates SARIF logs against the schema of version 2.1.0.
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';

// The schema is of draft 4, whose keywords all mean the same in draft 7 as far as it uses them; only its own name is spelt otherwise.
const { $schema: _draft, id: _id, ...body } = schema as Record<string, unknown>;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
ajvFormats.default(ajv);
const validate = ajv.compile(body);

/** What the schema has against a log; empty when it is valid. */
export function sarifFaults(text: string): readonly string[] {
  validate(JSON.parse(text));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
