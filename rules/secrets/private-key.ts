// No private key of a person or of the machine is copied with the image.
import { defineRule } from '../../lint/rule.ts';

/** Where a key is in use: the SSH server's own, those of users and services, those of web servers. */
const IN_USE =
  /^\/(?:ProgramData\/ssh\/ssh_host_[^/]*_key|(?:Users\/[^/]+|Windows\/ServiceProfiles\/[^/]+|Windows\/System32\/config\/systemprofile)\/\.ssh\/[^/]+|(?:inetpub|ProgramData|Users\/[^/]+\/(?:Desktop|Documents|Downloads))\/.*\.(?:pem|key|ppk))$/i;
/** Samples and test data of tools: keys that everybody has. */
const SAMPLE = /\/(?:tests?|testdata|fixtures|samples?|examples?|docs?|site-packages|node_modules)\//i;

export const privateKey = defineRule({
  id: 'secrets/private-key',
  title: 'No private key is copied with the image',
  description: `Looks for private keys in text form in every file and named stream: PEM (PKCS#1, PKCS#8, EC, OpenSSH) and PuTTY. The head must be followed
by what looks like a key.

**Severity.** An error where such a key is in use: host keys of the SSH server, \`.ssh\` of a profile, keys of web servers and in the folders where
people keep them. Elsewhere a warning, because tools bring keys for their own tests; an encrypted one is a warning, too.

**Honest look-alikes.** Certificates and public keys; documents that show the head of a key; test data of tools.

**Cannot be proved.** Keys in binary containers (PFX, the machine's own key store) and whether anything still trusts a key.

Sources: RFC 7468 for PEM; the formats of OpenSSH and PuTTY as their programs write them.`,
  why: 'Every stick would have the same key: whoever has one can pose as all of them, or as the person it belongs to.',
  repair: { text: 'Remove the key; let each machine make its own at its first start.' },
  severity: 'error',
  options: {},
  messages: {
    inUse: 'holds {evidence}, where keys are in use',
    elsewhere: 'holds {evidence}',
    encrypted: 'holds {evidence}, which is as safe as its passphrase',
  },
  select: { signatures: ['private-key'] },
  create(ctx) {
    return {
      match({ file, stream, meta, strings }) {
        const offset = strings.reduce((least, one) => Math.min(least, one.offset), Number.MAX_SAFE_INTEGER);
        const at = { file: file.path, ...(stream === undefined ? {} : { stream }), offset };
        const evidence = String(meta.evidence);
        if (meta.kind === 'encrypted') ctx.report({ messageId: 'encrypted', at, data: { evidence }, severity: 'warning' });
        else if (IN_USE.test(file.path) && !SAMPLE.test(file.path)) ctx.report({ messageId: 'inUse', at, data: { evidence } });
        else ctx.report({ messageId: 'elsewhere', at, data: { evidence }, severity: SAMPLE.test(file.path) ? 'note' : 'warning' });
      },
    };
  },
});
