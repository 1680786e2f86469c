// A small INF as vendors write them, for tests: a network driver unless told otherwise.

export interface InfText {
  readonly guid?: string;
  /** As in [Manufacturer]; '' for none. */
  readonly decorations?: string;
  readonly start?: string;
  readonly catalogue?: boolean;
}

export function infText({
  guid = '{4d36e972-e325-11ce-bfc1-08002be10318}',
  decorations = 'NTamd64',
  start = '3',
  catalogue = true,
}: InfText = {}): string {
  const models = decorations === '' ? ['[Models]'] : decorations.split(',').map((decoration) => `[Models.${decoration.trim()}]`);
  return [
    '; a driver',
    '[Version]',
    'Signature = "$WINDOWS NT$"',
    'Class = Net',
    `ClassGuid = ${guid}`,
    'Provider = %Provider%',
    catalogue ? 'CatalogFile = corpnet.cat' : ';',
    'DriverVer = 01/31/2024,1.0.0.0',
    '[Manufacturer]',
    `%Provider% = Models${decorations === '' ? '' : `, ${decorations}`}`,
    '[Install.NT.Services]',
    'AddService = corpnet, 0x00000002, Service_Install',
    '[Service_Install]',
    'DisplayName = "Corp, network"',
    'ServiceType = 1 ; kernel',
    'ErrorControl = 1',
    `StartType = ${start}`,
    'ServiceBinary = %12%\\corpnet.sys',
    ...models.flatMap((section) => [section, '"Adapter" = Install, PCI\\VEN_1234&DEV_5678']),
    '[Strings]',
    'Provider = "Corp"',
    'SERVICE_BOOT_START = 0x0',
    '',
  ].join('\r\n');
}
