// What the values of the most used settings may be: truth values, numbers and fixed words, as the unattend reference gives them.

/** Fixed words, or a range of whole numbers, or true and false. */
export type ValueType = 'boolean' | 'time-zone' | readonly string[] | { readonly min: number; readonly max: number };

const SHOW_UI = ['Always', 'OnError', 'Never'];
const REBOOT = ['Always', 'OnRequest', 'Never'];
const COUNT = { min: 0, max: 0xffffffff };
const ZERO_OR_ONE = { min: 0, max: 1 };

/** By component and path, as the reference writes them. Source: Microsoft, "Unattended Windows Setup Reference" (2018), section "Values". */
const TYPES: Readonly<Record<string, Readonly<Record<string, ValueType>>>> = {
  'Microsoft-Windows-Deployment': {
    'AuditComputerName/MustReboot': 'boolean',
    'ExtendOSPartition/Extend': 'boolean',
    'Generalize/ForceShutdownNow': 'boolean',
    'Generalize/Mode': ['OOBE', 'Audit'],
    'Reseal/ForceShutdownNow': 'boolean',
    'Reseal/Mode': ['OOBE', 'Audit'],
    'RunSynchronous/RunSynchronousCommand/WillReboot': REBOOT,
  },
  'Microsoft-Windows-LUA-Settings': { EnableLUA: 'boolean' },
  'Microsoft-Windows-PartitionManager': { SanPolicy: { min: 1, max: 4 } },
  'Microsoft-Windows-PnpSysprep': { DoNotCleanUpNonPresentDevices: 'boolean', PersistAllDeviceInstalls: 'boolean' },
  'Microsoft-Windows-Security-SPP': { SkipRearm: ZERO_OR_ONE },
  'Microsoft-Windows-Security-SPP-UX': { SkipAutoActivation: 'boolean' },
  'Microsoft-Windows-SecureStartup-FilterDriver': { PreventDeviceEncryption: 'boolean' },
  'Microsoft-Windows-Setup': {
    'Diagnostics/OptIn': 'boolean',
    'DiskConfiguration/Disk/CreatePartitions/CreatePartition/Extend': 'boolean',
    'DiskConfiguration/Disk/CreatePartitions/CreatePartition/Size': { min: 1, max: 0xffffffff },
    'DiskConfiguration/Disk/CreatePartitions/CreatePartition/Type': ['Primary', 'EFI', 'Extended', 'Logical', 'MSR'],
    'DiskConfiguration/Disk/DiskID': COUNT,
    'DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/Active': 'boolean',
    'DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/Extend': 'boolean',
    'DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/PartitionID': COUNT,
    'DiskConfiguration/Disk/WillWipeDisk': 'boolean',
    'DiskConfiguration/WillShowUI': SHOW_UI,
    'DynamicUpdate/Enable': 'boolean',
    'DynamicUpdate/WillShowUI': SHOW_UI,
    EnableFirewall: 'boolean',
    EnableNetwork: 'boolean',
    'ImageInstall/OSImage/InstallTo/DiskID': COUNT,
    'ImageInstall/OSImage/InstallTo/PartitionID': COUNT,
    'ImageInstall/OSImage/InstallToAvailablePartition': 'boolean',
    'ImageInstall/OSImage/WillShowUI': SHOW_UI,
    'UpgradeData/Upgrade': 'boolean',
    'UpgradeData/WillShowUI': SHOW_UI,
    UseConfigurationSet: 'boolean',
    'UserData/AcceptEula': 'boolean',
    'UserData/ProductKey/WillShowUI': SHOW_UI,
  },
  'Microsoft-Windows-International-Core-WinPE': { 'SetupUILanguage/WillShowUI': SHOW_UI },
  'Microsoft-Windows-Shell-Setup': {
    'AutoLogon/Enabled': 'boolean',
    'AutoLogon/LogonCount': COUNT,
    'AutoLogon/Password/PlainText': 'boolean',
    CopyProfile: 'boolean',
    DisableAutoDaylightTimeSet: 'boolean',
    'FirstLogonCommands/SynchronousCommand/RequiresUserInput': 'boolean',
    'LogonCommands/AsynchronousCommand/RequiresUserInput': 'boolean',
    'OEMInformation/HelpCustomized': 'boolean',
    'OOBE/HideEULAPage': 'boolean',
    'OOBE/HideLocalAccountScreen': 'boolean',
    'OOBE/HideOEMRegistrationScreen': 'boolean',
    'OOBE/HideOnlineAccountScreens': 'boolean',
    'OOBE/HideWirelessSetupInOOBE': 'boolean',
    'OOBE/NetworkLocation': ['Home', 'Work', 'Other'],
    'OOBE/ProtectYourPC': { min: 1, max: 3 },
    'OOBE/SkipMachineOOBE': 'boolean',
    'OOBE/SkipUserOOBE': 'boolean',
    'OOBE/UnattendEnableRetailDemo': 'boolean',
    TimeZone: 'time-zone',
    'UserAccounts/AdministratorPassword/PlainText': 'boolean',
    'UserAccounts/LocalAccounts/LocalAccount/Password/PlainText': 'boolean',
  },
  'Microsoft-Windows-WinRE-RecoveryAgent': { UninstallWindowsRE: 'boolean' },
};

/** Component and path of every setting whose values are known. */
export const typedSettings: readonly (readonly [component: string, path: string])[] = Object.entries(TYPES).flatMap(([component, paths]) =>
  Object.keys(paths).map((path) => [component, path] as const),
);

const byPlace = new Map(typedSettings.map(([component, path]) => [placeOf(component, path), TYPES[component]![path]!]));

/** What the reference says about the value, or undefined; names without case. */
export function valueType(component: string, path: string): ValueType | undefined {
  return byPlace.get(placeOf(component, path));
}

function placeOf(component: string, path: string): string {
  return `${component}\n${path}`.toLowerCase();
}
