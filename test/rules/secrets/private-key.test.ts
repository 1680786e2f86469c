// Private keys in PEM and PuTTY form, where they are in use and elsewhere; certificates and prose beside them.
import { test } from 'uvu';
import { privateKey } from '../../../rules/secrets/private-key.ts';
import { noise } from '../../../scripts/dev/fixtures/bytes.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

// In pieces, so that this file holds none.
const body = noise('key', 300).toString('base64').replace(/.{64}/g, '$&\n');
const pem = (kind: string, head = '') => `-----BEGIN ${kind}PRIVATE ${'KEY'}-----\n${head}${body}\n-----END ${kind}PRIVATE ${'KEY'}-----\n`;
const putty = (encryption: string) => `PuTTY-User-Key-${'File'}-3: ssh-ed25519\r\nEncryption: ${encryption}\r\nComment: me\r\n`;
const at = (file: string, offset = 0) => ({ file, offset });
const HOST = '/ProgramData/ssh/ssh_host_rsa_key';

windowsRuleTester(privateKey, {
  good: [
    {
      name: 'a certificate and a public key',
      image: {
        files: { '/ProgramData/a.pem': `-----BEGIN CERTIFICATE-----\n${body}`, '/ProgramData/ssh/ssh_host_rsa_key.pub': 'ssh-rsa AAAA' },
      },
    },
    {
      name: 'a document that shows the head',
      image: { files: { '/Users/me/Documents/how.pem': `It begins with -----BEGIN PRIVATE ${'KEY'}-----, and goes on in Base64.` } },
    },
    { name: 'a parser that knows the head', image: { files: { '/app/a.js': `const HEAD = '-----BEGIN RSA PRIVATE ${'KEY'}-----\\n';` } } },
    { name: 'the ending of a key', image: { files: { [HOST]: `-----END PRIVATE ${'KEY'}-----\n${body}` } } },
  ],
  bad: [
    {
      name: 'the key of the SSH server',
      image: { files: { [HOST]: pem('OPENSSH ') } },
      findings: [{ messageId: 'inUse', at: at(HOST), severity: 'error' }],
    },
    {
      name: 'of a user, behind a text',
      image: { files: { '/Users/build/.ssh/id_rsa': `\n\n${pem('RSA ')}` } },
      findings: [{ messageId: 'inUse', at: at('/Users/build/.ssh/id_rsa', 2), severity: 'error' }],
    },
    {
      name: 'of a web server',
      image: { files: { '/inetpub/tls/site.key': pem('') } },
      findings: [{ messageId: 'inUse', at: at('/inetpub/tls/site.key'), severity: 'error' }],
    },
    {
      name: 'in a named stream',
      image: { files: { '/a.txt': { content: 'x', streams: { k: pem('EC ') } } } },
      findings: [{ messageId: 'elsewhere', at: { file: '/a.txt', stream: 'k', offset: 0 }, severity: 'warning' }],
    },
    {
      name: 'among the tests of a tool',
      image: { files: { '/Python/Lib/test/cert.pem': pem('') } },
      findings: [{ messageId: 'elsewhere', at: at('/Python/Lib/test/cert.pem'), severity: 'note' }],
    },
    ...[
      ...[
        '/Windows/ServiceProfiles/NetworkService/.ssh/id',
        '/Windows/System32/config/systemprofile/.ssh/id',
        '/ProgramData/x/a.pem',
        '/inetpub/a.pem',
      ],
      ...['/Users/Public/Desktop/a.key', '/Users/Public/Documents/x/a.ppk', '/Users/Public/Downloads/a.pem'],
    ].map((path) => ({
      name: `in use at ${path}`,
      image: { files: { [path]: pem('') } },
      findings: [{ messageId: 'inUse', at: at(path), severity: 'error' as const }],
    })),
    ...[
      'test',
      'tests',
      'testdata',
      'fixtures',
      'sample',
      'samples',
      'example',
      'examples',
      'doc',
      'docs',
      'site-packages',
      'node_modules',
    ].map((folder) => ({
      name: `among the files of a tool: ${folder}`,
      image: { files: { [`/opt/${folder}/a.pem`]: pem(''), [`/ProgramData/${folder}/a.pem`]: pem('') } },
      findings: [
        { messageId: 'elsewhere', at: at(`/opt/${folder}/a.pem`), severity: 'note' as const },
        { messageId: 'elsewhere', at: at(`/ProgramData/${folder}/a.pem`), severity: 'note' as const },
      ],
    })),
    {
      name: 'with a passphrase',
      image: { files: { '/Users/me/.ssh/id': pem('ENCRYPTED ') } },
      findings: [{ messageId: 'encrypted', at: at('/Users/me/.ssh/id'), severity: 'warning' }],
    },
    {
      name: 'with a passphrase in the old form',
      image: { files: { '/Users/me/.ssh/id': pem('RSA ', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n') } },
      findings: [{ messageId: 'encrypted', at: at('/Users/me/.ssh/id'), severity: 'warning' }],
    },
    {
      name: 'of PuTTY',
      image: { files: { '/Users/me/Documents/me.ppk': putty('none') } },
      findings: [{ messageId: 'inUse', at: at('/Users/me/Documents/me.ppk'), severity: 'error' }],
    },
  ],
});

test.run();
