// Reasons why an archive stays closed, from what the tool said; what is no fault of an archive goes on.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../../errors.ts';
import { kindOf } from '../../../formats/content-kind.ts';
import type { NestedContext } from '../../../lint/nested/context.ts';
import { tellFault } from '../../../lint/nested/faults.ts';

function told(code: string, kind = 'zip'): string {
  let said = '';
  const context = {
    opaque: (_: unknown, why: string, detail: string) => {
      said = `${why}: ${detail}`;
    },
  };
  tellFault(
    context as unknown as NestedContext,
    { path: '', size: 1, kind: kindOf(kind)!, depth: 1, places: [] },
    new ToolError(code, 'x'),
  );
  return said;
}

test('each fault has its reason', () => {
  assert.match(told('ARCHIVE_ENCRYPTED'), /^encrypted: /);
  assert.match(told('ARCHIVE_UNSUPPORTED'), /^unsupported: /);
  assert.match(told('ARCHIVE_SLOW'), /^too-slow: /);
  assert.match(told('ARCHIVE_DAMAGED'), /^damaged: /);
  assert.match(told('ARCHIVE_DAMAGED', 'rar'), /^unsupported: .*7zip-rar/);
});

test('a missing tool is no fault of the archive', () => {
  assert.throws(
    () => told('TOOL_MISSING'),
    (error: ToolError) => error.code === 'TOOL_MISSING',
  );
});

test.run();
