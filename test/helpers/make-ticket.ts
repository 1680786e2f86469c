// Texts in the form of genuine tickets, with marks at choice; no licence is in them.
export interface TicketSpec {
  readonly origin?: string;
  readonly key?: string;
  readonly stamp?: string;
  /** Properties of the session, coded as Windows does it. */
  readonly session?: string;
}

export function ticketText({ origin = 'downlevel', key = 'aKey', stamp = '2020-01-01T00:00:00Z', session = 'PP=0;' }: TicketSpec): string {
  const coded = Buffer.from(`${session}\0`, 'utf16le').toString('base64');
  const name = ['genuine', 'Authorization'].join('');
  return `<${name} xmlns="http://www.microsoft.com/DRM/SL/GenuineAuthorization/1.0"><genuineProperties origin="${origin}"><properties>SessionId=${coded};TimeStampClient=${stamp}</properties><signatures><signature name="${key}" method="rsa-sha256">AAAA</signature></signatures></genuineProperties></${name}>`;
}
