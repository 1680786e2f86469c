// Genuine tickets: told from other XML in any encoding, with the marks of those that are handed round.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { readGenuineTicket, TICKET_MAX_BYTES } from '../../../formats/ticket/genuine-ticket.ts';
import { ticketText } from '../../helpers/make-ticket.ts';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding));

test('a ticket without marks', () => assert.equal(readGenuineTicket(bytes(ticketText({}))), { marks: [] }));

test('each mark of a ticket that is handed round', () => {
  const marks = (spec: Parameters<typeof ticketText>[0]) => readGenuineTicket(bytes(ticketText(spec)))?.marks.length;
  assert.is(marks({ origin: 'sppclient', key: ['client', 'LockboxKey'].join('') }), 1);
  assert.is(marks({ origin: 'sppclient', key: 'downlevelGTkey' }), 0);
  assert.is(marks({ stamp: '2022-10-11T12:00:00Z' }), 1);
  assert.is(marks({ session: 'OSMajorVersion=5;OSMinorVersion=1;OSPlatformId=2;PP=0;' }), 1);
  assert.is(marks({ session: 'OSMajorVersion=10;OSMinorVersion=0;OSPlatformId=2;PP=0;' }), 0);
  for (const before of ['', 'a', 'ab', 'abc']) assert.is(marks({ session: `${before}GVLKExp=2038-01-19T03:14:07Z;` }), 1, before);
});

test('in UTF-16, with another prefix, with a broken declaration', () => {
  assert.ok(readGenuineTicket(bytes(`\ufeff${ticketText({})}`, 'utf16le')));
  assert.ok(
    readGenuineTicket(bytes(ticketText({}).replaceAll('genuineAuthorization', 'x:genuineAuthorization').replace('xmlns=', 'xmlns:x='))),
  );
  assert.ok(readGenuineTicket(bytes(`<?xml version="1.0" encoding="utf-16"?>${ticketText({})}`)));
});

test('other XML and prose are none; a huge one is refused', () => {
  assert.is(readGenuineTicket(bytes('<genuineAuthorization xmlns="urn:other"/>')), undefined);
  assert.is(readGenuineTicket(bytes('The root is genuineAuthorization.')), undefined);
  assert.is(readGenuineTicket(new Uint8Array()), undefined);
  assert.throws(() => readGenuineTicket(bytes(ticketText({}) + ' '.repeat(TICKET_MAX_BYTES))), /too large/);
});

test('any bytes are survived', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      try {
        readGenuineTicket(noise);
      } catch (error) {
        assert.instance(error, FormatError);
      }
    }),
  );
});

test.run();
