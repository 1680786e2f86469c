// The licensing programs of Windows bear Microsoft's signature, in themselves or in a catalogue, as far as that can be proved offline.
import { catalogMembers } from '../../formats/authenticode/catalog.ts';
import { peDigest, signedDigest } from '../../formats/authenticode/digest.ts';
import { parseSignedData, type SignedData } from '../../formats/authenticode/signed-data.ts';
import { isOfMicrosoft, MICROSOFT_ROOTS, proveSignature } from '../../formats/authenticode/verify.ts';
import { bufferOf, FormatError } from '../../formats/bytes.ts';
import type { PeFacts } from '../../formats/pe/model.ts';
import { storeCopyOf } from '../../image/component-store.ts';
import type { Image, ImageFile } from '../../image/image.ts';
import { defineRule } from '../../lint/rule.ts';

const LIBRARIES = '{sppc,sppcext,slc,slcext,sppobjs,sppwinob,pidgenx,clipc}.dll';
const PROGRAMS = '{sppsvc,SppExtComObj,slsvc,ClipUp}.exe';
const PLACES = ['/Windows/{System32,SysWOW64,SysArm32}', '/Windows/WinSxS/*_31bf3856ad364e35_*'];
const CATALOGS = '/Windows/System32/CatRoot/*/*.cat';
const PKCS7 = 2;
/** Certificates in the registry are lists of properties: kind, 1, length, data; the certificate itself is this kind (wincrypt.h, CERT_CERT_PROP_ID). */
const CERTIFICATE = 32;
/** Digests of all catalogues; those of a whole Windows list some hundred thousand. */
const DIGESTS_MAX = 2_000_000;
const DIGEST_HEADS = [Buffer.from([0x04, 0x20]), Buffer.from([0x04, 0x14])];
/** Catalogues in which one file is looked for. */
const CATALOGS_MAX = 20;

type Said = 'proved' | 'changed' | { readonly foreign: string } | { readonly unproved: string };

export const licensingSignature = defineRule({
  id: 'activation/licensing-signature',
  title: "The licensing programs of Windows bear Microsoft's signature, as far as that can be proved",
  description: `Checks the licensing libraries and programs in Windows' own folders and in its component store: the digest of the file against the
signature in it, or else against the catalogues below \`CatRoot\`; the signature against its certificate; and the certificates up to a root
of Microsoft, with the help of the roots in the registry of the image. A root counts by its digest, whoever holds it.

**Certain.** The file is not the one that was signed. **Strong.** The signature holds and ends in a root that is not Microsoft's. **Weak.** No signature,
no catalogue that lists it, or certificates that end before a root: that is not proved, either way; a note when the file equals its copy in the component store.

**Honest look-alikes.** Deltas of servicing, which bear the names and have no signature. Most libraries of Windows have none in themselves.

**Cannot be proved.** Revocation and the time of signing, which take a network; a catalogue that was removed on purpose; who holds the keys.

Sources: "Windows Authenticode Portable Executable Signature Format" (2008); RFC 2315; Microsoft, "Required trusted root certificates".`,
  why: 'A name and the text of a version can be written by anybody. A signature is the one proof of origin that a file carries with it.',
  repair: { text: 'Restore the file with `DISM /Image:… /RestoreHealth`, or start from an image of Microsoft.' },
  level: 'weak',
  levels: { changed: 'certain', foreign: 'strong' },
  options: {},
  messages: {
    changed: 'is not the file that was signed: its signature is of other bytes',
    foreign: 'is signed by {signer}, and not under a root of Microsoft',
    unproved: 'cannot be proved to be signed by Microsoft: {why}',
  },
  select: {
    files: [...PLACES.flatMap((place) => [`${place}/${LIBRARIES}`, `${place}/${PROGRAMS}`]), CATALOGS],
    content: 'whole',
    keys: ['ROOT', 'AuthRoot'].map((store) => `SOFTWARE\\Microsoft\\SystemCertificates\\${store}\\Certificates\\*`),
  },
  create(ctx) {
    const roots: Uint8Array[] = [];
    /** The first six bytes of a digest, and the catalogues in which they stand. */
    const listed = new Map<number, ImageFile[]>();
    const unsigned: { readonly file: ImageFile; readonly digests: readonly string[] }[] = [];
    const signed: { readonly file: ImageFile; readonly said: () => Said }[] = [];
    let full = false;

    function list(file: ImageFile, content: Uint8Array): void {
      const bytes = bufferOf(content);
      for (const head of DIGEST_HEADS) {
        for (let at = bytes.indexOf(head); at >= 0 && at + 8 <= bytes.length; at = bytes.indexOf(head, at + 1)) {
          if (listed.size >= DIGESTS_MAX) {
            full = true;
            return;
          }
          const key = bytes.readUIntBE(at + 2, 6);
          const files = listed.get(key);
          if (!files) listed.set(key, [file]);
          else if (files.length < CATALOGS_MAX && files.at(-1) !== file) files.push(file);
        }
      }
    }

    function look(file: ImageFile, content: Uint8Array, facts: PeFacts): void {
      const own = facts.certificates.find(({ type }) => type === PKCS7);
      if (!own) {
        unsigned.push({ file, digests: (['sha256', 'sha1'] as const).map((name) => hex(peDigest(content, facts, name))) });
        return;
      }
      const data = parseSignedData(content.subarray(own.offset, own.offset + own.size));
      const claimed = signedDigest(data);
      const same = claimed !== undefined && hex(peDigest(content, facts, claimed.algorithm)) === hex(claimed.digest);
      signed.push({ file, said: () => (same ? provenOf(data, roots) : 'changed') });
    }

    async function fromCatalogs(digests: readonly string[]): Promise<Said> {
      const seen = new Set(digests.flatMap((digest) => listed.get(Number.parseInt(digest.slice(0, 12), 16)) ?? []));
      let best: Said = { unproved: 'it has no signature, and no catalogue lists it' };
      for (const catalog of seen) {
        try {
          const data = parseSignedData(await catalog.read());
          const members = catalogMembers(data);
          if (!digests.some((digest) => members.has(digest))) continue;
          const said = provenOf(data, roots);
          if (said === 'proved') return said;
          // Anybody may list a file of Microsoft's in a catalogue: that takes nothing from it, and proves nothing.
          best = { unproved: `the catalogue ${catalog.path} lists it, which ${catalogFault(said)}` };
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
          ctx.unable(`${catalog.path}: ${error.message}`);
        }
      }
      return best;
    }

    async function tell(file: ImageFile, said: Said, image: Image): Promise<void> {
      const at = { file: file.path };
      if (said === 'proved') ctx.show(`${file.path} is signed by Microsoft`);
      else if (said === 'changed') ctx.report({ messageId: 'changed', at });
      else if ('foreign' in said) ctx.report({ messageId: 'foreign', at, data: { signer: said.foreign } });
      else {
        const stored = (await storeCopyOf(image, file)) !== undefined;
        ctx.report({ messageId: 'unproved', at, data: { why: said.unproved }, ...(stored ? { severity: 'note' as const } : {}) });
      }
    }

    return {
      key({ values }) {
        const blob = values.get('blob')?.raw;
        if (blob) roots.push(...certificatesIn(blob));
      },
      async file(file, content) {
        if (!content) return;
        if (/\.cat$/i.test(file.path)) return list(file, content);
        const facts = await ctx.views.pe({ file }, content);
        if (!facts) return; // deltas of servicing are no programs
        try {
          look(file, content, facts);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
          ctx.unable(`${file.path}: ${error.message}`);
        }
      },
      async end(image) {
        if (full) ctx.unable(`the catalogues list more than ${DIGESTS_MAX} files`);
        for (const { file, said } of signed) await tell(file, said(), image);
        for (const { file, digests } of unsigned) await tell(file, await fromCatalogs(digests), image);
      },
    };
  },
});

function provenOf(data: SignedData, roots: readonly Uint8Array[]): Said {
  const proof = proveSignature(data, roots);
  if (proof.fault !== undefined) return 'changed';
  if (proof.root === undefined) return { unproved: `the certificates of ${proof.signer} end before a root` };
  if (isOfMicrosoft(proof)) return 'proved';
  // Drivers of others and apps of the store stand under Microsoft's roots, too.
  return MICROSOFT_ROOTS.has(proof.root) ? { unproved: `${proof.signer} signs what is not Windows` } : { foreign: proof.signer };
}

function catalogFault(said: Exclude<Said, 'proved'>): string {
  if (said === 'changed') return 'is not the one that was signed';
  return 'foreign' in said ? `is signed by ${said.foreign}` : `proves nothing (${said.unproved})`;
}

/** The certificates (DER) in a value of the registry; what cannot be read is left out and proves nothing. */
function certificatesIn(blob: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  for (let at = 0; at + 12 <= blob.length; ) {
    const size = view.getUint32(at + 8, true);
    if (view.getUint32(at, true) === CERTIFICATE) return [blob.slice(at + 12, at + 12 + size)];
    at += 12 + size;
  }
  return [];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
