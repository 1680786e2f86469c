// A Windows folder under Wine in which guest scripts run: Wine's own cmd, reg and find; batch files in place of what Wine lacks or a test must choose.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Programs and the Debian packages that bring them, for `needTools`. */
export const WINE_TOOLS = { wine: 'wine', wineserver: 'wine' };

/** One command may take this long; a machine under load starts a Windows process in a second or two. */
const RUN_TIMEOUT = 240_000;

/**
 * At addresses that are not random, where the system allows it: a random heap now and then lies where Wine 8 maps the data that its
 * processes share (0x7ffe0000), the process ends before it starts, and cmd tells 9009. Seen once in 3,000 processes, never in 9,000 this way.
 */
const STARTER = spawnSync('setarch', ['-R', 'true']).status === 0 ? (['setarch', '-R', 'wine'] as const) : (['wine'] as const);

/** Stood in for: each call is noted in a log with its arguments. */
const STUBS = ['schtasks', 'net', 'sc', 'ping', 'eventcreate', 'cscript', 'powershell', 'pnputil'];
const PROGRAM = `(?:%SYS%|%SystemRoot%\\\\System32)\\\\(?:WindowsPowerShell\\\\v1\\.0\\\\)?(${STUBS.join('|')})\\.exe`;

export interface WineBox {
  /** Writes a file; paths as in an image: `/Windows/Setup/Scripts/x.cmd`. */
  put(path: string, content: string | Uint8Array): void;
  has(path: string): boolean;
  text(path: string): string;
  remove(path: string): void;
  /** Files by path; in the .cmd files the paths of the stubs are replaced, and nothing else. */
  install(files: ReadonlyMap<string, Uint8Array>): void;
  /** What a stub does after its call was noted: lines of a batch file. */
  stub(name: string, ...lines: readonly string[]): void;
  /** The calls since the last time, each as "name arguments". */
  calls(): readonly string[];
  /** `cmd /d /c "C:\…" words`. */
  run(path: string, ...words: readonly string[]): { readonly status: number | null; readonly out: string };
  /** Values of a key by name, as reg.exe prints them; undefined when there is no such key. */
  registry(key: string): Readonly<Record<string, string>> | undefined;
  /** Lines of a batch file, all in one process: to start Wine takes longer than what it runs. */
  batch(...lines: readonly string[]): { readonly status: number | null; readonly out: string };
  close(): void;
}

/** A fresh prefix in a temporary folder; `close` ends its server and removes it. */
export function openWineBox(): WineBox {
  const prefix = mkdtempSync(join(tmpdir(), 'wtgforge-wine-'));
  const env = {
    PATH: process.env.PATH,
    HOME: prefix,
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    WINEARCH: 'win64',
    // No browser engine, no .NET, no menus of the desktop.
    WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=',
  };
  const wine = (...words: readonly string[]) => {
    // Into a file: the services of Wine inherit a pipe, and one would wait for their end.
    const file = join(prefix, 'out');
    const out = openSync(file, 'w');
    try {
      const [program, ...before] = STARTER;
      const { status, error } = spawnSync(program, [...before, ...words], {
        env,
        timeout: RUN_TIMEOUT,
        killSignal: 'SIGKILL',
        stdio: ['ignore', out, 'ignore'],
      });
      if (error) throw error;
      return { status, out: readFileSync(file, 'latin1') };
    } finally {
      closeSync(out);
    }
  };
  // Stays for some seconds between the runs: to start it anew each time takes as long as a run.
  spawnSync('wineserver', ['-p20'], { env, timeout: RUN_TIMEOUT, stdio: 'ignore' });
  wine('wineboot', '-i');
  const drive = join(prefix, 'drive_c');
  const hostPath = (path: string) => path.split('/').slice(1).reduce(inAnyCase, drive);
  const windowsPath = (path: string) => `C:${path.replaceAll('/', '\\')}`;
  const box: WineBox = {
    put(path, content) {
      mkdirSync(dirname(hostPath(path)), { recursive: true });
      writeFileSync(hostPath(path), content);
    },
    has: (path) => existsSync(hostPath(path)),
    text: (path) => readFileSync(hostPath(path), 'latin1'),
    remove: (path) => rmSync(hostPath(path), { force: true, recursive: true }),
    install(files) {
      for (const [path, bytes] of files) box.put(path, /\.cmd$/i.test(path) ? withStubs(Buffer.from(bytes).toString('latin1')) : bytes);
    },
    stub(name, ...lines) {
      const text = ['@echo off', `>>C:\\stub\\calls echo ${name} %*`, ...lines];
      box.put(`/stub/${name}.cmd`, text.map((line) => `${line}\r\n`).join(''));
    },
    calls() {
      const calls = box.has('/stub/calls') ? box.text('/stub/calls').split('\r\n') : [];
      box.remove('/stub/calls');
      return calls.map((line) => line.trimEnd()).filter((line) => line !== '');
    },
    run: (path, ...words) => wine('cmd', '/d', '/c', windowsPath(path), ...words),
    batch(...lines) {
      box.put('/batch.cmd', ['@echo off', ...lines, ''].join('\r\n'));
      return box.run('/batch.cmd');
    },
    registry(key) {
      const { status, out } = wine('reg', 'query', key);
      return status === 0 ? registryValues(out) : undefined;
    },
    close() {
      spawnSync('wineserver', ['-k'], { env, timeout: RUN_TIMEOUT, stdio: 'ignore' });
      rmSync(prefix, { recursive: true, force: true });
    },
  };
  chmodSync(prefix, 0o700);
  for (const name of STUBS) box.stub(name, 'exit /b 0');
  return box;
}

/** The entry as it is stored: a second folder in another case would hide the first one from Wine. */
function inAnyCase(folder: string, name: string): string {
  const stored = existsSync(folder) ? readdirSync(folder).find((entry) => entry.toLowerCase() === name.toLowerCase()) : undefined;
  return join(folder, stored ?? name);
}

function withStubs(script: string): string {
  // Not with call, after which Wine knows only 0 and 1. Without quotes it stands in a for /f, which starts an interpreter of its own.
  return script
    .replace(new RegExp(`"${PROGRAM}"`, 'g'), 'cmd /d /c C:\\stub\\$1.cmd')
    .replace(new RegExp(PROGRAM, 'g'), 'C:\\stub\\$1.cmd');
}

/** Values by name in what reg.exe prints. */
export function registryValues(out: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...out.matchAll(/^ {4}(\S+) +REG_\w+ +(.*?)\r?$/gm)].map((match) => [match[1]!, match[2]!]));
}

/** The files below a folder of the first image of a container, extracted by wimlib: paths as in the image. */
export function filesOfWim(wim: string, folder: string): ReadonlyMap<string, Uint8Array> {
  const out = mkdtempSync(join(tmpdir(), 'wtgforge-extract-'));
  try {
    const { status, stderr } = spawnSync('wimlib-imagex', [
      'extract',
      wim,
      '1',
      folder,
      `--dest-dir=${out}`,
      '--preserve-dir-structure',
      '--no-acls',
    ]);
    if (status !== 0) throw new Error(String(stderr));
    const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(out, name)).isFile());
    return new Map(names.sort().map((name) => [`/${name}`, new Uint8Array(readFileSync(join(out, name)))]));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
