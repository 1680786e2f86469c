// Deltas of servicing: they bear the names of programs in WinSxS\<component>\{f,r,n} and are none.

/** `PA19`, `PA30`, `PA31` behind a checksum or alone; DCM, DCN and DCS with a version behind; as on real Windows 10 and 11. */
const PLAIN = /^(?:PA(?:19|30|31)|DC[A-Z]\x01)/;

/** True when the bytes begin like a delta of servicing; four bytes of checksum may stand before it. */
export function isServicingDelta(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 8)).toString('latin1');
  return PLAIN.test(text) || PLAIN.test(text.slice(4));
}
