// A golden image must be sealed: generalized, armed for setup at the next boot, and not started since.
import { evidenceOf, isNotArmed, isShutDownLater, isStuck, readGeneralization, SEALED } from '../../image/generalization.ts';
import { defineRule } from '../../lint/rule.ts';

export const generalized = defineRule({
  id: 'hygiene/generalized',
  title: 'The image is generalized and has not been started since',
  description: `Reads the markers that sysprep and Setup leave: \`ImageState\` in SOFTWARE and in State.ini, \`SetupType\` and \`CmdLine\`
in SYSTEM, \`SysprepStatus\`, \`SkipRearm\`, \`Sysprep_succeeded.tag\`, the last line of sysprep's log, the time of the last shutdown, and the SID of the machine.
The report shows all of them with the verdict, when the rule passes, too.

**Verdict.** *Generalized* when ImageState says so and nothing speaks against it. *Not generalized* (error) when ImageState, which Microsoft
documents, says anything else in either place, or when two of the markers that only field reports describe [M] contradict it; one such marker is a warning.
*Booted since* when ImageState is that of a later phase of Setup although sysprep had come to its end (error), or when the last shutdown was days after
sysprep's last line (warning: a machine can be left running). Without any ImageState it is *unknown*: the rule then reports that it could not decide, and an
unknown image is not a clean one. SkipRearm = 1 is an error: sysprep leaves the licence state alone then.

**Honest look-alikes.** The untouched image of Microsoft's media has the sealed ImageState too, and neither tag nor log. \`RespecializeCmdLine\` and the log
lines of MRTGeneralize stand in good and bad images and are not looked at; GeneralizationState 7 stands in running systems as well and proves nothing. A
With \`--base\` an image that is not sealed and has the machine SID of the base is told as a copy of it. A
sealed image still holds the SID of its reference machine: the new one is made at the next start.

**Cannot be proved.** That a sealed-looking image was not edited by hand, or started with a clock that was set back.

Sources: Microsoft, "Windows Setup States" and "Slmgr.vbs options"; field scripts for SetupType, CmdLine, SysprepStatus and the tag; measured on hives of 7, 8.1 and 10.`,
  why: `A system that was captured without \`sysprep /generalize\` gives every stick the same machine SID, the same KMS client id (the
KMS host then counts them as one) and somebody's devices; one that was started after sealing holds its first boot in every copy.`,
  repair: { text: `Run \`sysprep /generalize /oobe /shutdown\` on the reference machine and capture it without starting it again.` },
  severity: 'error',
  options: {},
  messages: {
    notSealed: 'the image is not generalized: ImageState is {state} ({evidence})',
    started: 'the image was sealed and has been started since: ImageState is {state} ({evidence})',
    startedLater: 'the image was shut down {days} days after it was sealed: it was started since, or left running ({evidence})',
    sameMachine: 'the machine SID is that of the base ({sid}): the image is a copy of it that never got one of its own',
    disagree: 'State.ini says {file}, the registry {state}',
    notArmed: 'ImageState says sealed, but Setup is not armed: a copy would start as a finished installation ({evidence})',
    stuck: 'ImageState says sealed, but generalization has not come to its end ({evidence})',
    contradicted: 'ImageState says sealed and the other markers contradict it: edited by hand, or started since ({evidence})',
    skipRearm: 'SkipRearm is {value}: sysprep does not reset the licence state, and every copy shares one KMS client id',
  },
  select: {},
  create(ctx) {
    return {
      async end(image) {
        const { verdict, markers, unseen } = await readGeneralization(image);
        for (const reason of unseen) ctx.unable(`${reason}: a marker of generalization is unknown`);
        const evidence = evidenceOf(markers);
        ctx.show(`verdict=${verdict}, ${evidence}`);
        const { imageState, stateFile, skipRearm, generalizationState, setupType } = markers;
        if (skipRearm && skipRearm.value !== 0) ctx.report({ messageId: 'skipRearm', at: skipRearm.at, data: { value: skipRearm.value } });
        const state = imageState ?? stateFile;
        if (!state) {
          ctx.unable('no ImageState in SOFTWARE or State.ini: whether the image is generalized is unknown');
          return;
        }
        if (imageState && stateFile && imageState.value !== stateFile.value) {
          const data = { file: stateFile.value, state: imageState.value };
          ctx.report({ messageId: 'disagree', at: stateFile.at, data, severity: imageState.value === SEALED ? 'error' : 'warning' });
        }
        if (state.value !== SEALED) {
          const messageId = verdict === 'booted since' ? 'started' : 'notSealed';
          ctx.report({ messageId, at: state.at, data: { state: state.value || '(empty)', evidence } });
          const sid = markers.machineSid;
          if (sid !== undefined && sid === (await baseSid())) {
            const at = { hive: 'SAM' as const, key: 'SAM\\Domains\\Account', name: 'V' };
            ctx.report({ messageId: 'sameMachine', at, data: { sid } });
          }
          return;
        }
        const [notArmed, stuck] = [isNotArmed(markers), isStuck(markers)];
        if (notArmed && stuck) ctx.report({ messageId: 'contradicted', at: state.at, data: { evidence } });
        else if (notArmed) ctx.report({ messageId: 'notArmed', at: setupType?.at ?? state.at, data: { evidence }, severity: 'warning' });
        else if (stuck) ctx.report({ messageId: 'stuck', at: generalizationState!.at, data: { evidence }, severity: 'warning' });
        if (isShutDownLater(markers)) {
          const days = Math.floor((markers.shutDownAt!.value - markers.sealedAt!.value) / 86_400_000);
          ctx.report({ messageId: 'startedLater', at: markers.shutDownAt!.at, data: { days, evidence }, severity: 'warning' });
        }
      },
    };

    async function baseSid(): Promise<string | undefined> {
      const base = await ctx.base();
      try {
        return base && (await readGeneralization(base)).markers.machineSid;
      } finally {
        await base?.close();
      }
    }
  },
});
