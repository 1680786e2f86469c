// Targets on signatures and what goes with them: DER, signed data, catalogs, tickets, rare encodings, keys in other writings.
import { derChildren, derValue } from '../../../formats/asn1/der.ts';
import { catalogMembers } from '../../../formats/authenticode/catalog.ts';
import { indirectDigest, signedDigest } from '../../../formats/authenticode/digest.ts';
import { parseSignedData } from '../../../formats/authenticode/signed-data.ts';
import { proveSignature } from '../../../formats/authenticode/verify.ts';
import { isServicingDelta } from '../../../formats/pe/delta.ts';
import { scanProductKeys } from '../../../formats/product-key/text-scan.ts';
import { writingSigns } from '../../../formats/product-key/writing-signs.ts';
import { keysWritten } from '../../../formats/product-key/written.ts';
import { utf7Text, utf32Text } from '../../../formats/script/rare-encodings.ts';
import { readGenuineTicket } from '../../../formats/ticket/genuine-ticket.ts';
import { mutated, mutateInPlace } from './mutate.ts';
import { orRefused } from './refused.ts';
import type { Target } from './target.ts';

/** Signed data with one certificate, made for this with OpenSSL; the key is gone. */
const SIGNED = new Uint8Array(
  Buffer.from(
    [
      'MIIDRQYJKoZIhvcNAQcCoIIDNjCCAzICAQExDTALBglghkgBZQMEAgEwJQYJKoZIhvcNAQcBoBgEFmNvbnRlbnQgdGhhdCBpcyBzaWduZWSgggF5MIIBdT',
      'CCARugAwIBAgIUYVxTUR6dTW1lYdSBAIEupo6nIaUwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEZnV6ejAgFw0yNjExMjYwMTQ2NDRaGA8yMTI2MTEwMjAx',
      'NDY0NFowDzENMAsGA1UEAwwEZnV6ejBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC9LIzu83EiUEJB80Uw+6jo6QOHOIW6kJV5NYsfbP3VBtAC5Ni+zHG',
      'FrY74gDboK46rgA5JL3xL41nd3KRkIfW6jUzBRMB0GA1UdDgQWBBT+feyRHnGQTpwhxAYXd+Ix3j08gTAfBgNVHSMEGDAWgBT+feyRHnGQTpwhxAYXd+Ix',
      '3j08gTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCICZw6ltlc1oW8YfMAaHQR8eiltJvybK3WdFmqnZUwbgWAiEA8aFFOUE9wMRUaK7XRT',
      '9za/0P4xDXMXgP6qpzDER57YUxggF4MIIBdAIBATAnMA8xDTALBgNVBAMMBGZ1enoCFGFcU1EenU1tZWHUgQCBLqaOpyGlMAsGCWCGSAFlAwQCAaCB5DAY',
      'BgkqhkiG9w0BCQMxCwYJKoZIhvcNAQcBMBwGCSqGSIb3DQEJBTEPFw0yNjExMjYwMTQ2NDRaMC8GCSqGSIb3DQEJBDEiBCBXbKyrYdiR5VG1N5XA23egv2',
      'EL1QPmqZLmx9unZsRN9jB5BgkqhkiG9w0BCQ8xbDBqMAsGCWCGSAFlAwQBKjALBglghkgBZQMEARYwCwYJYIZIAWUDBAECMAoGCCqGSIb3DQMHMA4GCCqG',
      'SIb3DQMCAgIAgDANBggqhkiG9w0DAgIBQDAHBgUrDgMCBzANBggqhkiG9w0DAgIBKDAKBggqhkjOPQQDAgRGMEQCIAzCLQ4YRa0zYv2f2rBephpkUKNzZi',
      '0NAgqM9qLjhzoXAiAyu4TG3ooZSfjD16QWhL83WXy/5wYeHsjjuEsh63cyrQ==',
    ].join(''),
    'base64',
  ),
);
const TICKET =
  '<?xml version="1.0" encoding="utf-8"?><genuineAuthorization xmlns="http://www.microsoft.com/DRM/SL/GenuineAuthorization/1.0"><version>1.0</version><genuineProperties origin="sppclient"><properties>OA3xOriginalProductId=;SessionId=VAA=;TimeStampClient=2020-01-01T00:00:00Z</properties><signatures><signature name="downlevelGTkey" method="rsa-sha256" key="AA==">AA==</signature></signatures></genuineProperties></genuineAuthorization>';
const WRITTEN = 'x NFG7HJKWVPT2KNBCD3RXMQ8F4 &#66;&#67; \\u0042\\x43 %42=43 TkZHN0ctSEpLV1YtUFQyS04tQkNEM1ItWE1ROEY= 4e 46 47 37 +AC0-';

export const signedTarget: Target = {
  id: 'signed-data',
  sources: ['formats/asn1/', 'formats/authenticode/'],
  inputs: async () => [SIGNED],
  change(input, random, inputs) {
    if (random.once(3)) return mutated(input, random, inputs);
    // Lengths stay in most cases: what lies deeper is reached only through them.
    const bytes = input.slice();
    mutateInPlace(bytes, random, 60);
    return bytes;
  },
  run(input) {
    if (input[0] !== 0x30) return false;
    orRefused(() => derChildren('DER', derValue('DER', input)));
    const signed = parseSignedData(input);
    for (const part of [
      () => catalogMembers(signed),
      () => signedDigest(signed),
      () => indirectDigest(signed.content),
      () => proveSignature(signed, []),
    ])
      orRefused(part);
    return true;
  },
};

export const ticketTarget: Target = {
  id: 'genuine-ticket',
  sources: ['formats/ticket/'],
  inputs: async () => [new Uint8Array(Buffer.from(TICKET)), new Uint8Array(Buffer.from(`\ufeff${TICKET}`, 'utf16le'))],
  change: (input, random, inputs) => mutated(input, random, inputs),
  run(input) {
    readGenuineTicket(input);
    return input.length > 0;
  },
};

export const writtenTarget: Target = {
  id: 'written-key',
  sources: ['formats/product-key/writ', 'formats/product-key/text-scan.ts', 'formats/script/rare-encodings.ts', 'formats/pe/delta.ts'],
  inputs: async () => [new Uint8Array(Buffer.from(WRITTEN)), new Uint8Array(Buffer.from(WRITTEN, 'utf16le'))],
  change: (input, random, inputs) => mutated(input, random, inputs),
  run(input) {
    const text = Buffer.from(input).toString('latin1');
    const { signs, spans } = writingSigns(input);
    keysWritten(text, signs, signs.foreign ? undefined : spans);
    keysWritten(text);
    utf32Text(input);
    utf7Text(text);
    scanProductKeys(input, () => {});
    isServicingDelta(input);
    return input.length > 0;
  },
};
