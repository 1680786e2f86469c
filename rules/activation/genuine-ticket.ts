// No ticket waits in the image to license every copy of it.
import { readGenuineTicket } from '../../formats/ticket/genuine-ticket.ts';
import { defineRule, NOTHING } from '../../lint/rule.ts';

/** Windows takes tickets from here at the next start. */
const TAKEN = /^\/ProgramData\/Microsoft\/Windows\/ClipSVC\/(?:GenuineTicket|Install\/Migration)\/./i;
const STATE_TOOL = 'gatherosstate.exe';
/** Where the media of Windows keep the tool. */
const MEDIA = /^\/(?:\$WINDOWS\.~BT\/|Windows\.old\/.*)?sources\//i;

export const genuineTicket = defineRule({
  id: 'activation/genuine-ticket',
  title: 'No licence ticket lies in the image',
  description: `Looks for tickets by what they are (\`genuineAuthorization\`, in any encoding and under any name), for any file where ClipSVC
takes tickets from, and for the tool of old setups that gathers them.

**Certain.** A ticket with a mark of those that are handed round: signed with the key of every client, with the one time stamp, from a session on
Windows XP, or for a volume licence until 2038. **Strong.** Any other ticket, any file in the folders, and \`gatherosstate.exe\` outside of installation media.

**Honest look-alikes.** The empty folder; \`tokens.dat\` of ClipSVC; the tool in \`sources\` of installation media.

**Cannot be proved.** A ticket that was applied already: nothing is left of it, and the licence stands in Microsoft's server and in the encrypted store.

Sources: public descriptions of digital licences and of the ticket format.`,
  why: `A ticket licenses whatever machine takes it. In an image that is copied it licenses every copy, and an honest one belongs
to a single machine.`,
  repair: { step: 'activation-reset', text: 'Remove the ticket. A reference machine that was licensed by one must be installed anew.' },
  level: 'strong',
  levels: { forged: 'certain' },
  options: {},
  messages: {
    forged: 'is a licence ticket {marks}',
    ticket: 'is a licence ticket',
    waiting: 'lies where Windows takes licence tickets from',
    tool: 'gathers licence tickets and belongs on installation media only',
  },
  select: {
    files: [
      '/**/*.xml',
      '/**/*ticket*',
      '/ProgramData/Microsoft/Windows/ClipSVC/{GenuineTicket,Install/Migration}/**',
      `/**/${STATE_TOOL}`,
    ],
    content: 'whole',
    large: 'visit',
  },
  create: (ctx) => ({
    file(file, content) {
      if (file.folder) return NOTHING;
      const at = { file: file.path };
      const ticket = content && readGenuineTicket(content);
      if (ticket && ticket.marks.length > 0) ctx.report({ messageId: 'forged', at, data: { marks: ticket.marks.join(', ') } });
      else if (ticket) ctx.report({ messageId: 'ticket', at });
      else if (TAKEN.test(file.path)) ctx.report({ messageId: 'waiting', at });
      else if (file.path.toLowerCase().endsWith(`/${STATE_TOOL}`) && file.size > 0 && !MEDIA.test(file.path))
        ctx.report({ messageId: 'tool', at });
      return NOTHING;
    },
  }),
});
