// Facts about one Windows that its container does not state: generalization state, licence channel. Nothing secret.
import { ImageError } from '../errors.ts';
import { FormatError } from '../formats/bytes.ts';
import { parseDigitalProductId4 } from '../formats/product-key/digital-product-id.ts';
import type { Hive, HiveName, Image, ImageInfo } from './image.ts';

export interface Inspection {
  readonly info: ImageInfo;
  /** False when the image holds no Windows; then nothing else is known. */
  readonly windows: boolean;
  readonly productName: string | undefined;
  /** `ImageState` as stored, such as IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE: what Windows itself says of its state. */
  readonly imageState: string | undefined;
  /** `Setup\Status\SysprepStatus\GeneralizationState` as stored: 7 after a generalize that went through [M]. */
  readonly generalizationState: number | undefined;
  /** `Volume:GVLK`, `Retail`, …, from DigitalProductId4. */
  readonly licenceChannel: string | undefined;
  /** The last five characters of the installed key, as slmgr shows them. */
  readonly keyEnding: string | undefined;
  /** What could not be looked at, and why. */
  readonly notes: readonly string[];
}

const CURRENT_VERSION = 'Microsoft\\Windows NT\\CurrentVersion';

export async function inspectImage(image: Image): Promise<Inspection> {
  const notes: string[] = [];
  const software = await hiveOf(image, 'SOFTWARE', notes);
  const system = await hiveOf(image, 'SYSTEM', notes);
  const licence = software ? licenceOf(software, notes) : undefined;
  return {
    info: image.info,
    windows: software !== undefined && system !== undefined,
    productName: software && textOf(software, CURRENT_VERSION, 'ProductName'),
    imageState: software && textOf(software, 'Microsoft\\Windows\\CurrentVersion\\Setup\\State', 'ImageState'),
    generalizationState: system && numberOf(system, 'Setup\\Status\\SysprepStatus', 'GeneralizationState'),
    licenceChannel: licence?.channel,
    keyEnding: licence?.keyEnding,
    notes,
  };
}

async function hiveOf(image: Image, name: HiveName, notes: string[]): Promise<Hive | undefined> {
  try {
    return await image.hive(name);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    notes.push(error.message);
    return undefined;
  }
}

function licenceOf(software: Hive, notes: string[]): { channel: string; keyEnding: string | undefined } | undefined {
  const stored = software.value(CURRENT_VERSION, 'DigitalProductId4');
  if (!stored) return undefined;
  try {
    const { channel, key } = parseDigitalProductId4(stored.raw);
    return { channel, keyEnding: key?.text.slice(-5) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    notes.push(error.message);
    return undefined;
  }
}

function textOf(hive: Hive, key: string, name: string): string | undefined {
  const decoded = hive.value(key, name)?.decoded;
  return decoded?.type === 'REG_SZ' ? decoded.data : undefined;
}

function numberOf(hive: Hive, key: string, name: string): number | undefined {
  const decoded = hive.value(key, name)?.decoded;
  return decoded?.type === 'REG_DWORD' ? decoded.data : undefined;
}
