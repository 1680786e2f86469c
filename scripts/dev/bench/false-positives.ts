// `npm run bench -- --false-positives`: honest trees as images, with every rule on. Each error finding is a false alarm.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { lintContainer } from '../../../lint/lint.ts';
import { locationText } from '../../../lint/location.ts';
import type { Finding } from '../../../lint/result.ts';
import { build } from '../../../pipeline/build.ts';
import { rules } from '../../../rules/index.ts';
import { repository } from '../catalogue.ts';
import { deltaFile } from '../fixtures/bytes.ts';
import { makeSmallImage } from '../fixtures.ts';

const KMS_HOST = 'kms.corp.example';
const realData = process.env['WTGFORGE_REAL_DATA'] ?? join(repository, '../shared/data');
const WINE = ['/usr/lib/x86_64-linux-gnu/wine', '/usr/lib/wine', '/usr/share/wine'];
/** Junctions of every Windows: a list that was written through them names the files behind them. */
const JUNCTIONS = [
  [/^\/Documents and Settings\//i, '/Users/'],
  [/^\/Users\/All Users\//i, '/ProgramData/'],
  [/^\/Users\/Default User\//i, '/Users/Default/'],
] as const;
/** Shown of each image. */
const SHOWN = 20;

interface HonestImage {
  readonly what: string;
  readonly files: number;
  readonly errors: readonly string[];
  readonly warnings: number;
  readonly notes: number;
  readonly unable: readonly string[];
  readonly seconds: number;
}

/** Lints each honest image and tells of it at once; those whose source is not on this machine are left out and named. @returns how many errors */
export async function falsePositives(folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const golden = await goldenImage(folder);
  let errors = 0;
  const judge = async (what: string, path: string) => {
    const image = await linted(what, path);
    errors += image.errors.length;
    printHonest(image);
  };
  await judge('the clean demo image', golden);
  const grown = async (what: string, add: (scratch: string) => readonly string[] | undefined) => {
    const scratch = join(folder, 'honest');
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch);
    const commands = add(scratch);
    if (!commands) return console.log(`left out: ${what} (not on this machine)`);
    const path = join(scratch, 'honest.wim');
    copyFileSync(golden, path);
    execFileSync('wimlib-imagex', ['update', path, '1'], {
      input: commands.join('\n'),
      stdio: ['pipe', 'ignore', 'pipe'],
      maxBuffer: 2 ** 28,
    });
    await judge(what, path);
    rmSync(scratch, { recursive: true, force: true });
  };
  await grown('Debian’s wine', () => {
    const there = WINE.filter((path) => existsSync(path));
    return there.length > 0 ? there.map((path) => adding(path, `/Program Files${path}`)) : undefined;
  });
  await grown('the real hives, tasks and texts', () => (existsSync(realData) ? realFiles() : undefined));
  for (const name of ['win10', 'winser2016', 'winser2019']) {
    await grown(`every path of the real list ${name}`, (scratch) =>
      listedPaths(join(realData, 'filelists', `${name}.tar.gz`), golden, scratch),
    );
  }
  await grown('/usr of this machine', () => addingNames('/usr'));
  return errors;
}

function printHonest({ what, files, errors, warnings, notes, unable, seconds }: HonestImage): void {
  console.log(
    `${what}: ${files} files, ${errors.length} errors, ${warnings} warnings, ${notes} notes, ${unable.length} rules unable (${seconds.toFixed(1)} s)`,
  );
  for (const text of [...errors, ...unable].slice(0, SHOWN)) console.log(`  ${text}`);
}

async function goldenImage(folder: string): Promise<string> {
  const image = await makeSmallImage(folder, { name: 'honest-base' });
  const config = join(folder, 'honest.config.ts');
  const output = join(folder, 'honest-golden.wim');
  writeFileSync(
    config,
    `import { defineConfig } from 'wtgforge';
import { kmsClient, timeClient, workspacePolicy } from 'wtgforge/steps';
export default defineConfig({ image: { path: ${JSON.stringify(image)} }, output: { path: ${JSON.stringify(output)} },
  steps: [kmsClient({ host: '${KMS_HOST}' }), timeClient({ servers: ['ntp.corp.example'] }), workspacePolicy()], lint: { kmsHosts: ['${KMS_HOST}'] } });\n`,
  );
  await build(config, { force: true });
  return output;
}

async function linted(what: string, path: string): Promise<HonestImage> {
  const { images, stats } = await lintContainer(path, { rules, policy: { kmsHosts: [KMS_HOST] }, options: {}, allow: [] });
  const findings = images.flatMap((image) => image.findings);
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity);
  const outcomes = images.flatMap((image) => image.outcomes);
  return {
    what,
    files: stats.files,
    errors: count('error').map(({ rule, at, message }) => `error ${rule} ${locationText(at)}: ${message}`),
    warnings: count('warning').length,
    notes: count('note').length,
    unable: outcomes.flatMap((outcome) => (outcome.outcome === 'unable' ? [`unable ${outcome.rule}: ${outcome.reason}`] : [])),
    seconds: stats.seconds,
  };
}

/** One line of `wimlib-imagex update`. */
function adding(from: string, to: string): string {
  return `add "${from}" "${to}"`;
}

/** A folder of this machine, without the names that no Windows could bear: with one of them the image would be refused. */
function addingNames(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const good = entries.filter(({ name }) => !name.includes('\\'));
  const below = good.map((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? addingNames(path) : [adding(path, path)];
  });
  const isWhole = good.length === entries.length && below.every((lines) => lines.length === 1);
  return isWhole ? [adding(folder, folder)] : below.flat();
}

/** Everything but the images, which are containers to be opened, and the answer files, which hold passwords: those are what the gate is for. */
function realFiles(): readonly string[] {
  return readdirSync(realData, { withFileTypes: true })
    .filter(({ name }) => name !== 'images' && name !== 'unattend' && name !== 'filelists')
    .map(({ name }) => adding(join(realData, name), `/Users/Public/data/${name}`));
}

/** An empty file at each path of the list; servicing deltas where the component store keeps them. */
function listedPaths(list: string, golden: string, scratch: string): readonly string[] | undefined {
  if (!existsSync(list)) return undefined;
  const empty = join(scratch, 'empty');
  const delta = join(scratch, 'delta');
  writeFileSync(empty, '');
  writeFileSync(delta, deltaFile('delta'));
  const there = new Set(
    execFileSync('wimlib-imagex', ['dir', golden, '1'], { encoding: 'utf8', maxBuffer: 2 ** 28 })
      .toLowerCase()
      .split('\n'),
  );
  const tar = gunzipSync(readFileSync(list));
  const size = Number.parseInt(tar.toString('latin1', 124, 135), 8);
  const lines = tar.toString('utf8', 512, 512 + size).split(/\r?\n/);
  const folders = new Set<string>();
  const paths: string[] = [];
  for (const line of lines) {
    if (!/^C:\\[^"]+$/.test(line)) continue;
    const path = JUNCTIONS.reduce((text, [from, to]) => text.replace(from, to), line.slice(2).replaceAll('\\', '/'));
    if (there.has(path.toLowerCase())) continue;
    paths.push(path);
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.add(path.slice(0, at).toLowerCase());
  }
  const seen = new Set<string>();
  return paths
    .filter((path) => !folders.has(path.toLowerCase()) && !seen.has(path.toLowerCase()) && seen.add(path.toLowerCase()))
    .map((path) => adding(/\/WinSxS\/[^/]+\/[frn]\//i.test(path) ? delta : empty, path));
}
