// Data of an offline domain join as text of one and two bytes a letter; documents and other data beside it.
import { test } from 'uvu';
import { domainJoinBlob } from '../../../rules/secrets/domain-join-blob.ts';
import { noise } from '../../../scripts/dev/fixtures/bytes.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

/** The head of a pickled structure, a length, and nothing that means anything. */
const data = Buffer.concat([Buffer.from('01100800cccccccc', 'hex'), Buffer.from([0xa0, 3, 0, 0, 0, 0, 0, 0]), noise('join', 400)]);
const BLOB = data.toString('base64');

windowsRuleTester(domainJoinBlob, {
  good: [
    { name: 'other data in Base64', image: { files: { '/a.txt': noise('other', 900).toString('base64') } } },
    { name: 'a document that shows the beginning', image: { files: { '/doc.md': `It begins with ${BLOB.slice(0, 40)}... and goes on.` } } },
    {
      name: 'in an answer file, where another rule tells it',
      image: { files: { '/unattend.xml': `<unattend><AccountData>${BLOB}</AccountData></unattend>` } },
    },
    { name: 'the structure as bytes', image: { files: { '/a.bin': new Uint8Array(data) } } },
  ],
  bad: [
    {
      name: 'as djoin writes it, in two bytes a letter',
      image: { files: { '/Windows/Temp/blob': new Uint8Array(Buffer.from(`\ufeff${BLOB}\0`, 'utf16le')) } },
      findings: [{ messageId: 'blob', at: { file: '/Windows/Temp/blob', offset: 2 }, severity: 'error' }],
      never: [BLOB],
    },
    {
      name: 'in a script, in lines',
      image: { files: { '/join.ps1': `$d = @"\n${BLOB.replace(/.{76}/g, '$&\r\n')}\n"@\n` } },
      findings: [{ messageId: 'blob', at: { file: '/join.ps1', offset: 8 } }],
    },
    {
      name: 'in a named stream',
      image: { files: { '/a.txt': { content: 'x', streams: { odj: BLOB } } } },
      findings: [{ messageId: 'blob', at: { file: '/a.txt', stream: 'odj', offset: 0 } }],
    },
  ],
});

test.run();
