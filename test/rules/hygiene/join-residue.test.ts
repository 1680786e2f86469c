// What a domain join and BitLocker leave, and what an image without them has all the same.
import { test } from 'uvu';
import { joinResidue } from '../../../rules/hygiene/join-residue.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const SERVICES = 'ControlSet001\\Services';
const SECURITY = '/Windows/System32/config/SECURITY' as const;
const ACCOUNT = 'Policy\\Secrets\\$MACHINE.ACC\\CurrVal';
const bytes = (count: number, value = 1) => ({ '': new Uint8Array(count).fill(value) });
const at = (key: string, name?: string) => ({ hive: 'SYSTEM', key, ...(name === undefined ? {} : { name }) });

windowsRuleTester(joinResidue, {
  good: [
    {
      name: 'a workgroup',
      image: { SYSTEM: { [`${SERVICES}\\Tcpip\\Parameters`]: { Domain: '', Hostname: 'x' }, [`${SERVICES}\\Netlogon\\Parameters`]: {} } },
    },
    { name: 'emptied secrets, no SID', image: { SECURITY: { [ACCOUNT]: bytes(4, 0), 'Policy\\PolMachineAccountS': bytes(0) } } },
    { name: 'bytes that are too few to be a SID', image: { SECURITY: { 'Policy\\PolMachineAccountS': bytes(7) } } },
    {
      name: 'policies for BitLocker, and a disk without it',
      image: {
        SYSTEM: { 'ControlSet001\\Control\\BitlockerStatus': { BootStatus: 0 } },
        SOFTWARE: { 'Policies\\Microsoft\\FVE': { UseTPM: 2 } },
      },
    },
  ],
  bad: [
    {
      name: 'a member of a domain',
      image: {
        SYSTEM: {
          [`${SERVICES}\\Netlogon\\Parameters`]: { JoinDomain: 'corp.example' },
          [`${SERVICES}\\Tcpip\\Parameters`]: { Domain: 'corp.example' },
        },
        SECURITY: { [ACCOUNT]: bytes(4), 'Policy\\PolMachineAccountS': bytes(24) },
      },
      findings: [
        { messageId: 'joined', at: at(`${SERVICES}\\Netlogon\\Parameters`, 'JoinDomain'), severity: 'error', says: 'corp.example' },
        { messageId: 'suffix', at: at(`${SERVICES}\\Tcpip\\Parameters`, 'Domain'), severity: 'warning' },
        { messageId: 'account', at: { hive: SECURITY, key: ACCOUNT }, severity: 'error' },
        { messageId: 'domainSid', at: { hive: SECURITY, key: 'Policy\\PolMachineAccountS' }, severity: 'error' },
      ],
    },
    {
      name: 'joined to a directory in the cloud, on an encrypted disk',
      image: {
        SYSTEM: {
          'ControlSet001\\Control\\CloudDomainJoin\\JoinInfo\\0123': { TenantId: 'x' },
          'ControlSet001\\Control\\BitlockerStatus': { BootStatus: 1 },
        },
      },
      findings: [
        { messageId: 'cloud', at: at('ControlSet001\\Control\\CloudDomainJoin\\JoinInfo\\0123'), severity: 'error' },
        { messageId: 'encrypted', at: at('ControlSet001\\Control\\BitlockerStatus', 'BootStatus'), severity: 'warning' },
      ],
    },
  ],
});

test.run();
