// What an answer file says so that Setup seals, specializes and greets without questions: settings by pass and component.
import type { AnswerSpec, SettingGroup, SettingValue } from './build.ts';
import { encodePassword } from './password.ts';

const SHELL = 'Microsoft-Windows-Shell-Setup';
const INTERNATIONAL = 'Microsoft-Windows-International-Core';
const DEPLOYMENT = 'Microsoft-Windows-Deployment';

export interface LocalAccount {
  readonly name: string;
  readonly group: string;
  /** In clear; it is stored as Setup encodes it. */
  readonly password: string;
}

export interface Sealing {
  /** What a machine that starts the image does: greet its user, or go to audit mode, seal itself and shut down. */
  readonly mode: 'oobe' | 'audit';
  readonly computerName: string;
  readonly timeZone?: string | undefined;
  /** Of system and user. */
  readonly locale?: string | undefined;
  /** Of the dialogue. */
  readonly language?: string | undefined;
  readonly inputLocale?: string | undefined;
  /** Undefined leaves the partition to whoever made it. */
  readonly extendOsPartition?: boolean | undefined;
  readonly hideOobe: boolean;
  readonly protectYourPC: number;
  readonly account?: LocalAccount | undefined;
}

/** Passes and settings are those of Microsoft's unattend reference of 2018. */
export function sealingPasses(sealing: Sealing): AnswerSpec['passes'] {
  const { timeZone, mode, extendOsPartition } = sealing;
  const zone = some({ TimeZone: timeZone });
  const international = component(INTERNATIONAL, languages(sealing));
  return {
    generalize: {
      'Microsoft-Windows-Security-SPP': { SkipRearm: 0 },
      'Microsoft-Windows-PnpSysprep': { PersistAllDeviceInstalls: false, DoNotCleanUpNonPresentDevices: false },
    },
    specialize: {
      [SHELL]: { ComputerName: sealing.computerName, ...zone },
      ...international,
      ...component(DEPLOYMENT, extendOsPartition === undefined ? {} : { ExtendOSPartition: { Extend: extendOsPartition } }),
    },
    ...(mode === 'audit' ? { auditUser: { [DEPLOYMENT]: { Generalize: { Mode: 'OOBE', ForceShutdownNow: true } } } } : {}),
    oobeSystem: {
      [SHELL]: { OOBE: greeting(sealing), ...accounts(sealing.account), ...zone },
      ...international,
      ...component(DEPLOYMENT, mode === 'audit' ? { Reseal: { Mode: 'Audit', ForceShutdownNow: false } } : {}),
    },
  };
}

function languages({ inputLocale, locale, language }: Sealing): SettingGroup {
  return some({ InputLocale: inputLocale, SystemLocale: locale, UserLocale: locale, UILanguage: language });
}

function greeting({ hideOobe, protectYourPC }: Sealing): SettingGroup {
  const hidden = { HideEULAPage: true, HideOEMRegistrationScreen: true, HideOnlineAccountScreens: true, HideWirelessSetupInOOBE: true };
  return { ProtectYourPC: protectYourPC, ...(hideOobe ? hidden : {}) };
}

function accounts(account: LocalAccount | undefined): SettingGroup {
  if (!account) return {};
  const { name, group, password } = account;
  const secret = { Value: encodePassword('Password', password), PlainText: false };
  return { UserAccounts: { LocalAccounts: { LocalAccount: [{ Name: name, Group: group, Password: secret }] } } };
}

function component(name: string, settings: SettingGroup): Readonly<Record<string, SettingGroup>> {
  return Object.keys(settings).length > 0 ? { [name]: settings } : {};
}

function some(settings: Readonly<Record<string, SettingValue | undefined>>): SettingGroup {
  return Object.fromEntries(Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
