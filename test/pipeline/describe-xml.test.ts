// XML files node by node: answer files by setting, tasks by path, nothing of a secret, nothing invented for what is no XML.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderTask } from '../../formats/task-xml/task.ts';
import { describeXml } from '../../pipeline/describe-xml.ts';
import { answerFile } from '../../unattend/build.ts';
import { renderAnswerFile } from '../../unattend/model.ts';

const text = (xml: string) => new Uint8Array(Buffer.from(xml));
const answer = (passes: Parameters<typeof answerFile>[0]['passes']) => renderAnswerFile(answerFile({ architecture: 'amd64', passes }));
const SHELL = 'Microsoft-Windows-Shell-Setup';

test('a new answer file is all its settings; a changed one only what changes; a removed one all that goes', () => {
  const before = answer({ specialize: { [SHELL]: { ComputerName: 'PC', TimeZone: 'UTC' } } });
  const after = answer({ specialize: { [SHELL]: { ComputerName: '*', TimeZone: 'UTC' } } });
  const at = `specialize / ${SHELL} (amd64)`;
  assert.equal(describeXml(undefined, before), {
    form: 'answer file',
    parts: [
      { at: `${at} / ComputerName`, after: '"PC"' },
      { at: `${at} / TimeZone`, after: '"UTC"' },
    ],
  });
  assert.equal(describeXml(before, after)?.parts, [{ at: `${at} / ComputerName`, before: '"PC"', after: '"*"' }]);
  assert.equal(
    describeXml(after, undefined)?.parts.map((part) => part.after),
    [undefined, undefined],
  );
  // What stood there was no answer file: all of it is new.
  assert.is(describeXml(text('<other/>'), after)?.parts.length, 2);
});

test('a task in UTF-16 is shown by path, and an old command line is masked', () => {
  const task = (delay: string, args: string) =>
    renderTask({
      uri: '\\a\\b',
      description: 'd',
      triggers: [
        { kind: 'boot', delay },
        { kind: 'logon', delay: 'PT1M' },
      ],
      principal: { userId: 'S-1-5-18' },
      highest: true,
      needsNetwork: true,
      timeLimit: 'PT30M',
      command: 'cmd.exe',
      arguments: args,
    });
  const change = describeXml(task('PT5M', '/c net use /user:x hunter2'), task('PT7M', '/c ver'));
  assert.equal(change, {
    form: 'task',
    parts: [
      { at: 'Triggers/BootTrigger/Delay', before: '"PT5M"', after: '"PT7M"' },
      { at: 'Actions/Exec/Arguments', before: '(a command)', after: '"/c ver"' },
    ],
  });
});

test('passwords and product keys are masked in any XML', () => {
  const change = describeXml(
    text('<a><Password>one</Password><k>BCDFG-HJKMP-QRTVW-XY234-67892</k></a>'),
    text('<a><Password>two</Password><k>BCDFG-HJKMP-QRTVW-XY234-67893</k></a>'),
  );
  assert.equal(
    change?.parts.map(({ before, after }) => [before, after]),
    [
      ['(redacted)', '(redacted)'],
      ['(redacted)', '(redacted)'],
    ],
  );
});

test('what cannot be read as XML is not described', () => {
  assert.is(describeXml(undefined, text('<a>')), undefined);
  assert.is(describeXml(text('<a/>'), text('< not xml')), undefined);
  assert.is(describeXml(undefined, undefined), undefined);
  assert.is(describeXml(text('<broken'), undefined), undefined);
});

test.run();
