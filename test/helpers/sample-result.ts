// A lint result with one of everything, and the golden files that reports are compared with.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { evidenceOf } from '../../lint/evidence.ts';
import { fingerprintOf } from '../../lint/fingerprint.ts';
import type { Location } from '../../lint/location.ts';
import { RELEASE } from '../../lint/profile.ts';
import type { Finding, LintResult } from '../../lint/result.ts';
import { defineRule, type Rule } from '../../lint/rule.ts';
import type { ReportContext } from '../../report/format.ts';

function found(rule: string, severity: Finding['severity'], message: string, at: Location, more: Partial<Finding> = {}): Finding {
  return {
    rule,
    messageId: 'found',
    severity,
    message,
    at,
    evidence: evidenceOf(undefined, { what: message }, at),
    fingerprint: fingerprintOf(rule, 'found', at),
    ...more,
  };
}

function ruleOf(id: string, title: string): Rule {
  return defineRule({
    id,
    title,
    description: `${title}, in the\nfirst paragraph.\n\n**Why it matters.** It does.`,
    severity: 'error',
    options: {},
    messages: { found: 'holds {what}' },
    select: {},
    create: () => ({}),
  }) as unknown as Rule;
}

export const sampleContext: ReportContext = {
  rules: [
    ruleOf('activation/kms-host-policy', 'No KMS host but those that are allowed'),
    ruleOf('hygiene/generalized', 'The image is generalized'),
    ruleOf('secrets/product-key', 'No product key that belongs to somebody'),
  ],
  colour: false,
  tool: { name: 'wtgforge', version: '0.1.0' },
};

const KMS_HOST: Location = {
  hive: 'SOFTWARE',
  key: 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform',
  name: 'KeyManagementServiceName',
};
const RAISED: Partial<Finding> = {
  level: 'strong',
  raised: 'weak by itself; activation/activator-name found another weak sign in the same folder (/Tools/a.exe)',
  repair: { text: 'Remove the file; if `]]>` or <b> stands here, it is text.' },
};

/** Every kind of location, outcome and severity; names that try to forge lines. */
export const sampleResult: LintResult = {
  container: { path: 'golden.wim', format: 'wim' },
  profile: RELEASE,
  verdict: 'rejected',
  images: [
    {
      info: { container: 'wim', index: 1, name: 'Windows 10 Enterprise', edition: 'Enterprise', build: 19045, architecture: 'amd64' },
      verdict: 'rejected',
      outcomes: [
        { rule: 'activation/kms-host-policy', outcome: 'failed' },
        {
          rule: 'hygiene/generalized',
          shows: 'ImageState=IMAGE_STATE_COMPLETE, SetupType=0, CmdLine=(none)',
          outcome: 'unable',
          reason: '/Windows/System32/config/SYSTEM: is not in the image\n  0 errors',
        },
        { rule: 'secrets/product-key', outcome: 'failed' },
      ],
      findings: [
        found('activation/kms-host-policy', 'error', 'holds 127.0.0.2', KMS_HOST, {
          level: 'certain',
          evidence: 'host=127.0.0.2, port=1688',
          why: 'An image that carries a *foreign* host activates against it, see `slmgr`.',
          repair: { step: 'kms-client', text: 'Remove the value, or let the step write yours.' },
          sha256: 'ab'.repeat(32),
        }),
        found('secrets/product-key', 'error', 'holds *****-*****-*****-*****-XYZ42', { file: '/Windows/Panther/unattend.xml', line: 12 }),
        found(
          'secrets/product-key',
          'error',
          'holds *****-*****-*****-*****-XYZ43',
          { file: '/Deploy/keys (old) 100%.txt', offset: 31 },
          { allowed: { reason: 'expired evaluation keys', until: '2027-01-31' } },
        ),
        found('secrets/product-key', 'warning', 'holds one\naccepted', { file: '/a\n\u202eerror\ud800', stream: 'hid den' }),
        found('secrets/product-key', 'warning', 'holds one', { file: '/setup.zip', inside: ['a.exe'], offset: 7 }),
        found('secrets/product-key', 'note', 'holds one', { slack: 'unreferenced-blob', of: 'aa11', offset: 4096 }),
        found(
          'secrets/product-key',
          'error',
          'holds the RPC interface',
          { file: '/Tools/<img src=x onerror=alert(1)>.dll', offset: 16 },
          RAISED,
        ),
        found('activation/kms-host-policy', 'note', 'holds nothing', { hive: '/Users/Default/NTUSER.DAT', key: 'Software' }),
      ],
    },
    {
      info: { container: 'wim', index: 2, name: 'Education', edition: 'Education', build: 0, architecture: 'unknown' },
      verdict: 'accepted',
      outcomes: [
        { rule: 'activation/kms-host-policy', outcome: 'passed' },
        { rule: 'hygiene/generalized', outcome: 'notApplicable', reason: 'only for a captured image' },
        { rule: 'secrets/product-key', outcome: 'passed' },
      ],
      findings: [],
    },
  ],
  allowlist: {
    unused: [{ rule: 'secrets/product-key', at: '/Windows/Web/**', reason: 'samples of the vendor' }],
    expired: [{ rule: 'hygiene/generalized', at: 'SYSTEM\\Setup!**', reason: 'until the new base image is there', until: '2026-01-31' }],
    insufficient: [{ rule: 'activation/kms-host-policy', at: 'SOFTWARE\\Microsoft\\**', reason: 'the lab' }],
  },
  stats: { files: 2148, blobs: 1, bytesScanned: 5_165_000, bytesSkipped: 1_500_000, seconds: 1.25 },
};

export const cleanResult: LintResult = {
  ...sampleResult,
  verdict: 'accepted',
  images: [sampleResult.images[1]!],
  allowlist: { unused: [], expired: [], insufficient: [] },
  stats: { files: 1, blobs: 0, bytesScanned: 0, bytesSkipped: 0, seconds: 0 },
};

/** Compares with test/report/expected/NAME; UPDATE=1 writes it. */
export function assertExpected(name: string, actual: string): void {
  const path = fileURLToPath(new URL(`../report/expected/${name}`, import.meta.url));
  if (process.env.UPDATE === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  assert.ok(existsSync(path), `${name} is missing; write it with UPDATE=1`);
  assert.fixture(actual, readFileSync(path, 'utf8'));
}
