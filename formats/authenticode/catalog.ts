// A catalogue (.cat): a signed list of the digests of files; which files of Windows are signed this way is in no other place.
import { DER, type DerValue, derChildren, derValue, oidText } from '../asn1/der.ts';
import { FormatError } from '../bytes.ts';
import { indirectDigest } from './digest.ts';
import type { SignedData } from './signed-data.ts';

const FORMAT = 'catalogue';
const TRUST_LIST = '1.3.6.1.4.1.311.10.1';
const INDIRECT_DATA = '1.3.6.1.4.1.311.2.1.4';
/** The largest catalogues of Windows hold some ten thousand. */
const MEMBERS_MAX = 200_000;

/** Lower-case hex digests of the files that the catalogue lists, of either kind (SHA-1 of 40, SHA-256 of 64 digits). */
export function catalogMembers({ contentType, content }: SignedData): ReadonlySet<string> {
  if (contentType !== TRUST_LIST) throw new FormatError(FORMAT, `is no list of files (${contentType.slice(0, 60)})`);
  // The list of members is the one sequence of sequences behind the algorithm.
  const members = derChildren(FORMAT, { body: content }).find((value) => value.tag === DER.sequence && isMemberList(value));
  const digests = new Set<string>();
  if (!members) return digests;
  const list = derChildren(FORMAT, members);
  if (list.length > MEMBERS_MAX) throw new FormatError(FORMAT, `lists more than ${MEMBERS_MAX} files`);
  for (const member of list) {
    const [, attributes] = derChildren(FORMAT, member);
    if (attributes?.tag !== DER.set) continue;
    for (const attribute of derChildren(FORMAT, attributes)) {
      const [type, values] = derChildren(FORMAT, attribute);
      if (!type || !values || oidText(type) !== INDIRECT_DATA) continue;
      for (const value of derChildren(FORMAT, values)) digests.add(Buffer.from(indirectDigest(value.body).digest).toString('hex'));
    }
  }
  return digests;
}

function isMemberList(value: DerValue): boolean {
  if (value.body.length === 0) return false;
  const first = derValue(FORMAT, value.body);
  return first.tag === DER.sequence && first.body.length > 0 && derValue(FORMAT, first.body).tag === DER.octets;
}
