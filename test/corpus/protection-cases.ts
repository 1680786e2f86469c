// Cases in which what protects the machine is told to look away: exclusions of Defender, the firewall, redirected ports.
import type { CorpusCases } from './case.ts';
import { joined } from './decoys.ts';

const SERVICES = 'ControlSet001\\Services';

export const protectionCases: CorpusCases = {
  refused: [
    {
      name: 'Defender looks away from a whole drive',
      rows: ['G9'],
      plant: { SOFTWARE: { 'Microsoft\\Windows Defender\\Exclusions\\Paths': { 'C:\\': 0 } } },
    },
    {
      name: 'Defender looks away by policy, from the temporary folder',
      rows: ['G9'],
      plant: { SOFTWARE: { 'Policies\\Microsoft\\Windows Defender\\Exclusions\\Paths': { 'C:\\Windows\\Temp': '0' } } },
    },
    {
      name: 'Defender allows a tool of this kind by its number',
      rows: ['G9'],
      plant: { SOFTWARE: { 'Microsoft\\Windows Defender\\Threats\\ThreatIDDefaultAction': { '2147685180': 6 } } },
    },
    {
      name: 'Defender is switched off',
      rows: ['G9'],
      plant: { SOFTWARE: { 'Policies\\Microsoft\\Windows Defender': { DisableAntiSpyware: 1 } } },
    },
    {
      name: 'the port of activation is opened',
      rows: ['G10'],
      plant: {
        SYSTEM: {
          [`${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules`]: {
            '{1B2D6F0C-6B0A-4B2C-9A54-0D2E5C1F7A11}':
              'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|App=C:\\Windows\\svchost32.exe|Name=Relay|',
          },
        },
      },
    },
    {
      name: 'the port of activation is forwarded',
      rows: ['G10'],
      plant: { SYSTEM: { [`${SERVICES}\\PortProxy\\v4tov4\\tcp`]: { '0.0.0.0/1688': '203.0.113.77/1688' } } },
    },
    {
      name: 'the licensing service is kept from the network',
      rows: ['G10'],
      plant: {
        SYSTEM: {
          [`${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules`]: {
            '{4C}': 'v2.30|Action=Block|Active=TRUE|Dir=Out|App=%SystemRoot%\\System32\\sppsvc.exe|Name=Quiet|',
          },
        },
      },
    },
    {
      name: 'Defender looks away from a folder of an activator',
      rows: ['G9'],
      plant: {
        SOFTWARE: { 'Policies\\Microsoft\\Windows Defender\\Exclusions\\Paths': { [`C:\\Windows\\${joined('Auto', 'KMS')}`]: '0' } },
      },
    },
  ],
  honest: [
    {
      name: 'exclusions of a database and a build',
      rows: ['G9'],
      plant: { SOFTWARE: { 'Microsoft\\Windows Defender\\Exclusions\\Paths': { 'D:\\SQLData': 0, 'C:\\BuildAgent\\work': 0 } } },
    },
    {
      name: 'the firewall rules of Windows for an activation host, switched off',
      rows: ['T33', 'G10'],
      plant: {
        SYSTEM: {
          [`${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules`]: {
            'SPPSVC-In-TCP':
              'v2.30|Action=Allow|Active=FALSE|Dir=In|Protocol=6|Profile=Domain|Profile=Private|LPort=1688|App=%SystemRoot%\\system32\\sppextcomobj.exe|Name=@FirewallAPI.dll,-28003|EmbedCtxt=@FirewallAPI.dll,-28002|',
            'SPPSVC-In-TCP-NoScope':
              'v2.30|Action=Allow|Active=FALSE|Dir=In|Protocol=6|Profile=Domain|LPort=1688|App=%SystemRoot%\\system32\\sppextcomobj.exe|Name=@FirewallAPI.dll,-28003|EmbedCtxt=@FirewallAPI.dll,-28002|',
          },
        },
      },
    },
    {
      name: 'a port forwarded for something else',
      rows: ['G10'],
      plant: { SYSTEM: { [`${SERVICES}\\PortProxy\\v4tov4\\tcp`]: { '127.0.0.1/8080': '10.0.0.5/80' } } },
    },
  ],
};
