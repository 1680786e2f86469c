// A golden image must be sealed: generalized, armed for setup at the next boot, and not started since.
import { ImageError } from '../../errors.ts';
import type { StoredValue } from '../../image/image.ts';
import { defineRule, type Location, type VisitedKey } from '../../lint/rule.ts';

const STATE_KEY = 'Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const STATE_FILE = '/Windows/Setup/State/State.ini';
const PLATFORM_KEY = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
const SEALED = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE';
/** SysprepStatus\GeneralizationState: 7 done (or never touched, booted systems hold it too), 3 failed half-way. */
const STATE_DONE = 7;

interface Markers {
  imageState?: { readonly text: string; readonly at: Location };
  stateFile?: { readonly text: string; readonly at: Location };
  setupType?: number;
  cmdLine?: string;
  generalization?: number;
  skipRearm?: { readonly value: number; readonly at: Location };
  setupAt?: Location;
  sysprepAt?: Location;
}

export const generalized = defineRule({
  id: 'hygiene/generalized',
  title: 'The image is generalized and has not been started since',
  description: `Reads the markers that sysprep and Setup leave: \`ImageState\` in SOFTWARE and in State.ini, \`SetupType\` and \`CmdLine\`
in SYSTEM, \`SysprepStatus\`, and \`SkipRearm\`.

**Verdict.** *Generalized* when ImageState says so and nothing speaks against it; *not generalized* (error) when ImageState, which Microsoft
documents, says anything else in either place, or when two of the markers that only field reports describe contradict it; one such marker is a warning. Without any ImageState
the verdict is *unknown*: the rule then reports that it could not decide, and an unknown image is not a clean one. SkipRearm = 1 is an error: sysprep
leaves the licence state alone then.

**Honest look-alikes.** The untouched image of Microsoft's media has the sealed ImageState too. \`RespecializeCmdLine\` and the log lines of
MRTGeneralize stand in good and bad images and are not looked at; GeneralizationState 7 stands in running systems as well and proves nothing.

**Cannot be proved.** That a sealed-looking image was not edited by hand.

Sources: Microsoft, "Windows Setup States" and "Slmgr.vbs options"; field scripts for SetupType, CmdLine and SysprepStatus; measured on hives of 7, 8.1 and 10.`,
  why: `A system that was captured without \`sysprep /generalize\` gives every stick the same machine SID, the same KMS client id (the
KMS host then counts them as one) and somebody's devices; one that was started after sealing holds its first boot in every copy.`,
  repair: { text: `Run \`sysprep /generalize /oobe /shutdown\` on the reference machine and capture it without starting it again.` },
  severity: 'error',
  options: {},
  messages: {
    notSealed: 'the image is not generalized: ImageState is {state} ({evidence})',
    disagree: 'State.ini says {file}, the registry {state}',
    notArmed: 'ImageState says sealed, but Setup is not armed: a copy would start as a finished installation ({evidence})',
    stuck: 'ImageState says sealed, but generalization has not come to its end ({evidence})',
    contradicted: 'ImageState says sealed and the other markers contradict it: edited by hand, or started since ({evidence})',
    skipRearm: 'SkipRearm is {value}: sysprep does not reset the licence state, and every copy shares one KMS client id',
  },
  select: {
    files: [STATE_FILE],
    keys: [`SOFTWARE\\${STATE_KEY}`, `SOFTWARE\\${PLATFORM_KEY}`, 'SYSTEM\\Setup', 'SYSTEM\\Setup\\Status\\SysprepStatus'],
    content: 'whole',
  },
  create(ctx) {
    const markers: Markers = {};

    function readKey(key: VisitedKey): void {
      const path = key.path.toLowerCase();
      const at = (name: string): Location => ({ hive: key.hive, key: key.path, name });
      if (path === STATE_KEY.toLowerCase()) {
        const text = textOf(key.values.get('imagestate'));
        if (text !== undefined) markers.imageState = { text, at: at('ImageState') };
      } else if (path === PLATFORM_KEY.toLowerCase()) {
        const value = anyNumberOf(key.values.get('skiprearm'));
        if (value !== undefined) markers.skipRearm = { value, at: at('SkipRearm') };
      } else if (path === 'setup') {
        put(markers, 'setupType', numberOf(key.values.get('setuptype')));
        put(markers, 'cmdLine', textOf(key.values.get('cmdline')));
        markers.setupAt = at('SetupType');
      } else {
        put(markers, 'generalization', numberOf(key.values.get('generalizationstate')));
        markers.sysprepAt = at('GeneralizationState');
      }
    }

    function judge(): void {
      const { imageState, stateFile, skipRearm } = markers;
      if (skipRearm && skipRearm.value !== 0) ctx.report({ messageId: 'skipRearm', at: skipRearm.at, data: { value: skipRearm.value } });
      const state = imageState ?? stateFile;
      if (!state) {
        ctx.unable('no ImageState in SOFTWARE or State.ini: whether the image is generalized is unknown');
        return;
      }
      const evidence = evidenceOf(markers);
      ctx.show(evidence);
      if (imageState && stateFile && imageState.text !== stateFile.text) {
        const data = { file: stateFile.text, state: imageState.text };
        ctx.report({ messageId: 'disagree', at: stateFile.at, data, severity: imageState.text === SEALED ? 'error' : 'warning' });
      }
      if (state.text !== SEALED) {
        ctx.report({ messageId: 'notSealed', at: state.at, data: { state: state.text || '(empty)', evidence } });
        return;
      }
      const notArmed = markers.setupType === 0 && (markers.cmdLine ?? '') === '';
      const stuck = markers.generalization !== undefined && markers.generalization !== STATE_DONE;
      if (notArmed && stuck) ctx.report({ messageId: 'contradicted', at: state.at, data: { evidence } });
      else if (notArmed) ctx.report({ messageId: 'notArmed', at: markers.setupAt ?? state.at, data: { evidence }, severity: 'warning' });
      else if (stuck) ctx.report({ messageId: 'stuck', at: markers.sysprepAt ?? state.at, data: { evidence }, severity: 'warning' });
    }

    return {
      key: readKey,
      file(file, content) {
        const text = content && stateOfFile(content);
        if (text !== undefined) markers.stateFile = { text, at: { file: file.path } };
      },
      async end(image) {
        judge();
        try {
          await image.hive('SYSTEM');
        } catch (error) {
          if (!(error instanceof ImageError)) throw error;
          ctx.unable(`${error.message}: whether Setup is armed is unknown`);
        }
      },
    };
  },
});

function put<K extends 'setupType' | 'cmdLine' | 'generalization'>(markers: Markers, name: K, value: Markers[K] | undefined): void {
  if (value !== undefined) markers[name] = value;
}

function evidenceOf({ imageState, stateFile, setupType, cmdLine, generalization, skipRearm }: Markers): string {
  const shown = (value: string | number | undefined): string => (value === undefined || value === '' ? '(none)' : String(value));
  return [
    `ImageState=${shown(imageState?.text)}`,
    `State.ini=${shown(stateFile?.text)}`,
    `SetupType=${shown(setupType)}`,
    `CmdLine=${shown(cmdLine)}`,
    `GeneralizationState=${shown(generalization)}`,
    `SkipRearm=${shown(skipRearm?.value)}`,
  ].join(', ');
}

/** `[State]` / `ImageState=…`, in ASCII or UTF-16. */
function stateOfFile(content: Uint8Array): string | undefined {
  const wide = content[1] === 0 || (content[0] === 0xff && content[1] === 0xfe);
  const text = Buffer.from(content.subarray(0, 65536)).toString(wide ? 'utf16le' : 'latin1');
  return /^\s*ImageState\s*=\s*(\w+)/im.exec(text)?.[1];
}

function textOf(value: StoredValue | undefined): string | undefined {
  const decoded = value?.decoded;
  return decoded?.type === 'REG_SZ' || decoded?.type === 'REG_EXPAND_SZ' ? decoded.data.trim() : undefined;
}

/** A switch whatever its type: what is not plainly 0 counts as set. */
function anyNumberOf(value: StoredValue | undefined): number | undefined {
  const decoded = value?.decoded;
  if (!value) return undefined;
  if (decoded?.type === 'REG_DWORD') return decoded.data;
  if (decoded?.type === 'REG_SZ' || decoded?.type === 'REG_EXPAND_SZ') return /^\s*(?:0x)?0*\s*$/i.test(decoded.data) ? 0 : 1;
  return value.raw.some((byte) => byte !== 0) ? 1 : 0;
}

function numberOf(value: StoredValue | undefined): number | undefined {
  return value?.decoded?.type === 'REG_DWORD' ? value.decoded.data : undefined;
}
