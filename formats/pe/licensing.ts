// What a library does with the functions of Windows' licensing client: brings them, hands them on, or answers the one that counts by itself.
import type { PeFacts } from './model.ts';

export interface LicensingShape {
  /** Functions of the licensing client that it exports. */
  readonly functions: number;
  /** Those of them that it hands on, all to one other library. */
  readonly handedOn: number;
  readonly to: string | undefined; // that library, lower case
  /** It hands the others on and answers itself whether Windows or Office is licensed. */
  readonly answersItself: boolean;
}

const FUNCTION = /^SLp?[A-Z]\w{2,60}$/;
/** The answers that an activation hook gives. */
const ANSWERS = /^SLp?(?:GetLicensingStatusInformation|GetLicense|GetPolicyInformation\w*|IsGenuine\w*|GetWindowsInformation\w*)$/;
/** Fewer functions handed on may be anything. */
const HANDED_MIN = 4;

/** Undefined when the library exports nothing of the licensing client. */
export function licensingShape({ exports }: PeFacts): LicensingShape | undefined {
  const functions = (exports?.functions ?? []).filter(({ name }) => name !== undefined && FUNCTION.test(name));
  if (functions.length === 0) return undefined;
  const targets = new Map<string, number>();
  for (const { forwarder } of functions) {
    const target = forwarder?.slice(0, forwarder.lastIndexOf('.')).toLowerCase();
    if (target !== undefined) targets.set(target, (targets.get(target) ?? 0) + 1);
  }
  const [to, handedOn] = [...targets].sort((a, b) => b[1] - a[1])[0] ?? [undefined, 0];
  const own = functions.filter(({ name, forwarder }) => forwarder === undefined && ANSWERS.test(name!));
  return { functions: functions.length, handedOn, to, answersItself: handedOn >= HANDED_MIN && own.length > 0 };
}

/** What the version information says of the maker; anybody can write it. */
export function claimsMicrosoft({ version }: PeFacts): boolean {
  return /^Microsoft Corporation$/i.test(version?.texts.get('CompanyName')?.trim() ?? '');
}

const PATCHER = /^PatcherMainW?$/;
const HOOK = /^InitHook\w{0,20}$/;
const RPC_CALLS = /^(?:RpcStringBindingComposeW|NdrClientCall\d?|Ndr64AsyncClientCall|RpcAsyncCompleteCall)$/;
const PATCHES = /^(?:VirtualProtect(?:Ex)?|WriteProcessMemory|NtProtectVirtualMemory|NtWriteVirtualMemory)$/;

/**
 * True when a library exports the entry by which a hook is put into the activation service, or one of a common name together with the RPC
 * functions that such a hook stands in the way of and those with which code is patched.
 */
export function looksLikeActivationHook({ exports, imports }: PeFacts): boolean {
  const entries = (exports?.functions ?? []).map(({ name }) => name ?? '');
  if (entries.some((name) => PATCHER.test(name))) return true;
  if (!entries.some((name) => HOOK.test(name))) return false;
  const names = imports.flatMap(({ functions }) => functions);
  return names.some((name) => RPC_CALLS.test(name)) && names.some((name) => PATCHES.test(name));
}
