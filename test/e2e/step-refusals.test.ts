// What the steps refuse, on a real image and through the command line: one line with the thing and the fact, a hint, exit 2, and nothing written.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decoyKey } from '../../scripts/dev/fixtures/product-id.ts';
import { makeBaseImage } from '../../scripts/dev/fixtures.ts';
import { infText } from '../helpers/inf-text.ts';
import { needTools } from '../helpers/need.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });
const HEAD = "import { drivers, files, registry, scheduledTask, script } from 'wtgforge/steps';";

type Case = readonly [step: string, message: RegExp];

async function refused(
  cases: readonly Case[],
  hostFiles: Readonly<Record<string, string | Uint8Array>> = {},
  secrets: readonly string[] = [],
) {
  await inWorkspace(async ({ folder, build, configure, listing }) => {
    const image = await makeBaseImage(folder);
    for (const [path, content] of Object.entries(hostFiles)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    symlinkSync('/etc/hostname', join(folder, 'link.txt'));
    for (const [step, message] of cases) {
      await configure({ head: HEAD, steps: `[${step}]`, image: `{ path: ${JSON.stringify(image)}, index: 1 }` });
      const before = listing();
      const { code, out, err } = await build();
      assert.is(code, 2, `${step}\n${out}${err}`);
      if (!message.test(err)) assert.unreachable(`${step}\n${err}`);
      assert.match(err, /^wtgforge: /, step);
      assert.not.match(err, /this is a bug|\n\s+at /, step);
      for (const secret of secrets) assert.not.ok((out + err).includes(secret), 'a key is shown');
      assert.equal(listing(), before, step);
    }
  });
}

e2e('time zones, names of servers and their flags', async () => {
  await refused([
    [
      "generalizeAnswerFile({ timeZone: 'W. Europ Standard Time' })",
      /timeZone "W\. Europ Standard Time": .*\n.*Did you mean "W\. Europe Standard Time"/,
    ],
    ["generalizeAnswerFile({ timeZone: 'Europe/Berlin' })", /timeZone/],
    ["timeClient({ servers: ['ntp1.corp.example,0x10'] })", /server ntp1\.corp\.example,0x10: the flags are outside 0x1\.\.0xf/],
    ["timeClient({ servers: ['ntp1.corp.example,0x0'] })", /outside 0x1\.\.0xf/],
    ["timeClient({ servers: ['ntp1.corp.example,0xc'] })", /symmetric active \(4\) and client \(8\) at once/],
    ["timeClient({ servers: ['http://ntp1.corp.example'] })", /\(time-client\)\.servers: item 0 does not have the right form/],
    ['timeClient({ servers: [] })', /servers is empty/],
    ["chronyConf({ servers: ['ntp1.corp.example'], allow: ['10.0.0.0/33'] })", /allow 10\.0\.0\.0\/33: the prefix is longer than 32 bits/],
    ["chronyConf({ servers: ['ntp1.corp.example'], allow: ['10.0.0.0/8'], port: 99999 })", /\(chrony-conf\)\.port: must be at most 65535/],
  ]);
});

e2e('KMS hosts that no image may carry', async () => {
  const host = (text: string, message: RegExp): Case => [`kmsClient({ host: '${text}' })`, message];
  await refused([
    host('https://kms.corp.example', /host "https:\/\/kms\.corp\.example" is a URL/),
    host('10.1.2.3:1688', /host "10\.1\.2\.3:1688" is an address with a port/),
    host('localhost', /host "localhost" .*(itself|own machine|this computer)/),
    host('127.0.0.2', /host "127\.0\.0\.2" .*(itself|own machine|this computer)/),
    host('0.0.0.0', /host "0\.0\.0\.0" /),
    host('kms8.msguides.com', /host "kms8\.msguides\.com" .*public/),
    host('fd00::1', /host "fd00::1" .*IPv6/),
    ["kmsClient({ host: 'kms.corp.example', fallbackHosts: ['kms8.msguides.com'] })", /fallbackHosts "kms8\.msguides\.com" .*public/],
    ["kmsClient({ host: 'kms.corp.example', officeHost: 'localhost' })", /officeHost "localhost"/],
  ]);
});

e2e('product keys of another edition, and those that belong to somebody', async () => {
  const own = decoyKey();
  await refused(
    [
      [
        "kmsClient({ host: 'kms.corp.example', productKey: 'W269N-WFGWX-YVC9B-4J6C9-T83GX' })",
        /productKey is the setup key of .*Pro.*, and the image is Enterprise/,
      ],
      [`kmsClient({ host: 'kms.corp.example', productKey: '${own}' })`, /productKey is no KMS client setup key: a MAK or retail key/],
    ],
    {},
    ['W269N-WFGWX', own],
  );
});

e2e('tasks, .reg files and drivers that are not sound', async () => {
  const reg = (...lines: readonly string[]) => ['Windows Registry Editor Version 5.00', '', ...lines, ''].join('\r\n');
  const large = `"Large"=hex:${Array(16_345).fill('00').join(',')}`;
  await refused(
    [
      ["scheduledTask({ tasks: [{ name: '\\\\corp\\\\a', xml: 'bad.xml' }] })", /bad\.xml: is no task \(line 4: <Delay>: /],
      ["scheduledTask({ tasks: [{ name: '\\\\corp\\\\a', xml: 'none.xml' }] })", /none\.xml: cannot be read as a task/],
      ["scheduledTask({ tasks: [{ name: '\\\\corp\\\\a', command: 'x.exe', triggers: ['daily 25:00'] }] })", /trigger "daily 25:00"/],
      ["registry({ files: ['hex.reg'] })", /hex\.reg: .*line 4/],
      ["registry({ files: ['sam.reg'] })", /sam\.reg, line 3: HKEY_LOCAL_MACHINE\\SAM\\Domains: /],
      ["registry({ files: ['root.reg'] })", /root\.reg, line 3: HKEY_CURRENT_CONFIG\\Software: /],
      ["registry({ files: ['user.reg'] })", /user\.reg, line 3: HKEY_CURRENT_USER\\Software: /],
      ["registry({ files: ['large.reg'] })", /large\.reg: .*line 4: has a value of more than 16344 bytes/],
      ["drivers({ folders: ['net'] })", /boot\.inf: is boot-critical: its service corpnet starts at boot \(StartType 0, line \d+\)/],
    ],
    {
      'bad.xml': `<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n<Triggers>\n<BootTrigger>\n<Delay>5 minutes</Delay>\n</BootTrigger>\n</Triggers>\n<Actions><Exec><Command>x</Command></Exec></Actions></Task>`,
      'none.xml': '<Task',
      'hex.reg': reg('[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp]', '"A"=hex:00,0g'),
      'sam.reg': reg('[HKEY_LOCAL_MACHINE\\SAM\\Domains]'),
      'root.reg': reg('[HKEY_CURRENT_CONFIG\\Software]'),
      'user.reg': reg('[HKEY_CURRENT_USER\\Software]'),
      'large.reg': reg('[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp]', large),
      'net/boot.inf': infText({ start: '0' }),
    },
  );
});

e2e('files that would leave the image, run through links, or replace what is there', async () => {
  const copy = (from: string, to: string) => `files({ copy: [{ from: '${from}', to: '${to}' }] })`;
  await refused(
    [
      [copy('a.txt', '/../../etc/passwd'), /files: .*\/\.\.\/\.\.\/etc\/passwd/],
      [copy('a.txt', '/Windows/../../x'), /files: .*\.\./],
      [copy('a.txt', '/Documents and Settings/x.txt'), /files: .*(link|reparse)/],
      [
        copy('a.txt', '/Windows/System32/kernel32.dll'),
        /\/Windows\/System32\/kernel32\.dll: is there already with other content\n.*overwrite: true/,
      ],
      [copy('a.txt', '/Windows/System32/config/SOFTWARE'), /is a registry hive/],
      [copy('link.txt', '/x.txt'), /link\.txt: .*link/],
      [copy('absent.txt', '/x.txt'), /absent\.txt: is not there/],
      ["files({ remove: ['/Windows/System32'] })", /is a folder that no Windows starts without/],
      [
        "files({ copy: [{ from: 'a.txt', to: '/x.txt' }, { from: 'b.txt', to: '/X.txt' }] })",
        /\/X\.txt: both a\.txt and b\.txt would stand there/,
      ],
      ["script({ scripts: [{ file: 'a.txt', when: 'boot' }] })", /a\.txt: is not a \.ps1, \.cmd or \.bat/],
    ],
    { 'a.txt': 'a', 'b.txt': 'b' },
  );
});

test.run();
