// Upper case as Windows compares key and value names: one UTF-16 unit to one UTF-16 unit.

const table = new Map<string, string>();

/** The name in the form under which the registry finds it. */
export function upcase(name: string): string {
  if (/^[\x00-\x7f]*$/.test(name)) return name.toUpperCase();
  let out = '';
  for (let at = 0; at < name.length; at++) out += upcaseUnit(name[at]!);
  return out;
}

function upcaseUnit(unit: string): string {
  const known = table.get(unit);
  if (known !== undefined) return known;
  const upper = fold(unit);
  table.set(unit, upper);
  return upper;
}

/**
 * Letters that Unicode pairs and Windows does not: compatibility forms (µ, ı, ſ, title-case digraphs, Greek symbols) and what
 * Unicode added after Windows fixed its table. Found by comparing with the $UpCase file that mkntfs writes.
 */
const UNPAIRED = new RegExp(
  '[\\xb5\\u0131\\u017f\\u019b\\u01c5\\u01c8\\u01cb\\u01f2\\u023f\\u0240\\u0252\\u025c\\u0261\\u0264-\\u0266\\u026a\\u026c\\u0282' +
    '\\u0287\\u029d\\u029e\\u0345\\u03c2\\u03d0\\u03d1\\u03d5\\u03d6\\u03f0\\u03f1\\u03f3\\u03f5\\u0525-\\u052f\\u10d0-\\u10ff' +
    '\\u13f8-\\u13fd\\u1c80-\\u1c8a\\u1d8e\\u1e9b\\u1fbe\\u2c5f\\u2cec-\\u2cf3\\u2d27\\u2d2d\\ua661\\ua699-\\ua69b' +
    '\\ua790-\\uabbf]',
);

function fold(unit: string): string {
  const code = unit.charCodeAt(0);
  // Greek letters with iota below: Unicode makes two letters of them, Windows has the one-letter capitals 8 or 9 further on.
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCharCode(code | 8);
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCharCode(code + 9);
  if (UNPAIRED.test(unit)) return unit;
  const upper = unit.toUpperCase();
  return upper.length === 1 ? upper : unit;
}
