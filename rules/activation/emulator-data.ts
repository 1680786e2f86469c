// The data of a KMS emulator gives it away, whatever its program is called: settings, product lists, ready-made ids of hosts.
import { carrierOfFile } from '../../lint/carrier.ts';
import { defineRule } from '../../lint/rule.ts';

export const emulatorData = defineRule({
  id: 'activation/emulator-data',
  title: 'No file holds the data of a KMS emulator',
  description: `Looks in every file and named stream, whatever it is called, for two kinds of settings that only emulators have (how host ids are drawn,
which requests are taken, which addresses are answered), for product lists in the form that emulators read, and for two or more ready-made
ids of KMS hosts. The binary product database is found by \`activation/kms-protocol-constants\`.

**Honest look-alikes.** One such word alone; the id of this very Windows in its registry and in a log; manuals that explain the settings.

**Cannot be proved.** Settings of emulators that nobody has described.

Sources: the manual pages of a public emulator; the layout of extended product ids from public servers.`,
  why: 'A client that is served by an emulator on the stick is not licensed; the data is there for nothing else.',
  repair: { text: 'Remove the file and find out what brought it. Rebuild from a clean source when it is not known.' },
  level: 'strong',
  levels: { quoted: 'weak' },
  options: {},
  messages: {
    found: 'holds {evidence}',
    quoted: 'quotes {evidence}',
  },
  select: { signatures: ['emulator-data'] },
  create(ctx) {
    return {
      match({ file, stream, meta, strings }) {
        const offset = strings.reduce((least, one) => Math.min(least, one.offset), Number.MAX_SAFE_INTEGER);
        const at = { file: file.path, ...(stream === undefined ? {} : { stream }), offset };
        const evidence = String(meta.evidence);
        const carrier = carrierOfFile(stream ?? file.path);
        if (carrier === 'prose') return;
        ctx.report({ messageId: carrier === 'log' ? 'quoted' : 'found', at, data: { evidence } });
      },
    };
  },
});
