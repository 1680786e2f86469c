// Nothing may stand between Windows and its licensing programs: no debugger, no verifier DLL, no exit monitor.
import { inMachineHives } from '../../image/hive-path.ts';
import { defineRule, type VisitedKey } from '../../lint/rule.ts';

const LICENSING_PROGRAMS = new Set(['sppextcomobj.exe', 'sppsvc.exe', 'osppsvc.exe', 'slsvc.exe']);

const OPTIONS = 'Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options';
const EXIT = 'Microsoft\\Windows NT\\CurrentVersion\\SilentProcessExit';

/** GlobalFlag bits that load or start something: 0x100 application verifier, 0x200 silent exit monitoring. */
const GLOBAL_FLAG_HOOKS = 0x300;

/** Settings that load nothing: Microsoft and hardening guides write them. */
const HARMLESS = new Set([
  'mitigationoptions',
  'mitigationauditoptions',
  'disableexceptionchainvalidation',
  'cpupriorityclass',
  'iopriority',
  'pagepriority',
  'uselargepages',
  'usefilter',
  'filterfullpath',
  'maxloaderthreads',
  'workingsetlimitinkb',
  'auditlevel',
  '',
]);

export const sppImageHijack = defineRule({
  id: 'activation/spp-image-hijack',
  title: 'No licensing program is hijacked through its image options',
  description: `Looks at *Image File Execution Options* (with the filter sub-keys) and *SilentProcessExit* of \`SppExtComObj.exe\`, \`sppsvc.exe\`,
\`osppsvc.exe\` and \`slsvc.exe\`, in the 64-bit and the 32-bit view,
and in copies of the hive: strong in a backup that recovery can load (RegBack), weak in an earlier installation (Windows.old), which is past.

**Honest look-alikes.** \`MitigationOptions\` and the other settings that load nothing; debuggers and Application Verifier on any other program
(Process Explorer in the place of the Task Manager, a developer's own program).

**Cannot be proved.** Whether the debugger or library that is named is still there, and what it does.

Sources: Microsoft, "Image File Execution Options" and "Monitoring silent process exit"; the values that public emulator scripts write.`,
  why: `A \`Debugger\` or a \`VerifierDlls\` value makes Windows start or load foreign code in the place of its licensing
service. This is how the widespread KMS emulators hook activation; there is no honest use for it on these programs.`,
  repair: { text: `Delete the sub-key of the program, then look for the file that it named.` },
  level: 'certain',
  levels: { unknownSetting: 'weak' },
  hiveCopies: 'less',
  options: {},
  messages: {
    debugger: '{program} is started through a debugger: Windows would run that program instead',
    verifier: '{program} loads a verifier DLL: foreign code would run inside it',
    exitMonitor: '{program} has a monitor that is started when it ends',
    emulatorSetting: '{program} carries the setting {name}, which only a KMS emulator reads',
    unknownSetting: '{program} has the image option {name}, which no Windows sets',
  },
  select: {
    keys: [OPTIONS, EXIT].flatMap((key) => ['', 'Wow6432Node\\'].flatMap((view) => inMachineHives('SOFTWARE', `${view}${key}\\**`))),
  },
  create(ctx) {
    function judge(key: VisitedKey, program: string, messageOf: (name: string, key: VisitedKey) => Verdict | undefined): void {
      for (const [name, value] of key.values) {
        const verdict = messageOf(name, key);
        if (!verdict) continue;
        ctx.report({
          messageId: verdict,
          at: { hive: key.hive, key: key.path, name: value.name },
          data: { program, name: value.name },
        });
      }
    }

    return {
      key(key) {
        const { program, exit } = programOf(key.path);
        if (!LICENSING_PROGRAMS.has(program.toLowerCase().trim())) return;
        judge(key, program, exit ? exitVerdict : optionVerdict);
      },
    };
  },
});

type Verdict = 'debugger' | 'verifier' | 'exitMonitor' | 'emulatorSetting' | 'unknownSetting';

/** The program is the first name below either key; what lies deeper are its filters. */
function programOf(path: string): { program: string; exit: boolean } {
  const match = /\\(Image File Execution Options|SilentProcessExit)\\([^\\]+)/i.exec(path);
  return { program: match?.[2] ?? '', exit: match?.[1]?.toLowerCase() === 'silentprocessexit' };
}

function optionVerdict(name: string, key: VisitedKey): Verdict | undefined {
  if (name === 'debugger') return 'debugger';
  if (name === 'verifierdlls' || name === 'verifierflags' || name === 'verifierdebug') return 'verifier';
  if (name === 'globalflag') return globalFlag(key) & GLOBAL_FLAG_HOOKS ? 'verifier' : undefined;
  if (name.startsWith('kms_')) return 'emulatorSetting';
  return HARMLESS.has(name) ? undefined : 'unknownSetting';
}

function exitVerdict(name: string): Verdict | undefined {
  return name === 'monitorprocess' || name === 'reportingmode' ? 'exitMonitor' : undefined;
}

/** A REG_DWORD, or text as the debugging tools write it (`0x00000100`). */
function globalFlag(key: VisitedKey): number {
  const value = key.values.get('globalflag');
  if (value?.decoded?.type === 'REG_DWORD') return value.decoded.data;
  if (value?.decoded?.type === 'REG_SZ') return Number.parseInt(value.decoded.data.replace(/^0x/i, ''), 16); // NaN has no bits
  return GLOBAL_FLAG_HOOKS; // any other type: Windows may still read its bytes
}
