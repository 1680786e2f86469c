// What carries a word, and how much the word is worth there.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Carrier, carrierOfFile, carrierOfKey, levelOn } from '../../lint/carrier.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

test('files by ending, place and first bytes', () => {
  const cases: readonly (readonly [string, Carrier, Uint8Array?])[] = [
    ['/Tools/KMS.EXE', 'program'],
    ['/Tools/readme.txt', 'prose'],
    ['/Tools/readme.txt', 'program', bytes('MZ\x90\0')],
    ['/Tools/readme', 'program', bytes('\x7fELF')],
    ['/Tools/readme', 'script', bytes('#!/bin/sh')],
    ['/Tools/readme', 'data', bytes('hello')],
    ['/Tools/readme', 'data'],
    ['/Windows/Setup/Scripts/SetupComplete.cmd', 'script'],
    ['/Windows/System32/Tasks/AutoKMS', 'task'],
    ['/Windows/System32/Tasks/readme.txt', 'task'],
    ['/ProgramData/app/settings.json', 'config'],
    ['/Windows/Panther/setupact.log', 'log'],
    [`/Users/a/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt`, 'log'],
    ['/rules/kms.yar', 'prose'],
  ];
  for (const [path, expected, head] of cases) assert.is(carrierOfFile(path, head), expected, path);
});

test('keys by what Windows does with them', () => {
  const cases: readonly (readonly [string, string, Carrier])[] = [
    ['SYSTEM', 'ControlSet001\\Services\\KMSELDI', 'service'],
    ['SOFTWARE', 'ControlSet001\\Services\\KMSELDI', 'config'],
    ['SOFTWARE', 'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree\\AutoKMS', 'task'],
    ['SOFTWARE', 'Microsoft\\Windows\\CurrentVersion\\Run', 'autostart'],
    ['/Users/a/NTUSER.DAT', 'Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce', 'autostart'],
    ['SOFTWARE', 'Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\a.exe', 'autostart'],
    ['SOFTWARE', 'Running', 'config'],
  ];
  for (const [hive, key, expected] of cases) assert.is(carrierOfKey(hive as 'SYSTEM', key), expected, key);
});

test('a level is kept where the carrier bears it, lowered where it does not, and gone in prose', () => {
  assert.is(levelOn('program', 'certain'), 'certain');
  assert.is(levelOn('script', 'strong'), 'strong');
  assert.is(levelOn('service', 'certain'), 'strong');
  assert.is(levelOn('task', 'weak'), 'weak');
  assert.is(levelOn('config', 'certain'), 'weak');
  assert.is(levelOn('log', 'strong'), 'weak');
  assert.is(levelOn('prose', 'certain'), undefined);
});

test.run();
