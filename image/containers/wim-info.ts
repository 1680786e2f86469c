// What a WIM's XML says of an image, and where to look when it says nothing: many captured images carry no WINDOWS element.
import { ImageError } from '../../errors.ts';
import type { Architecture, Hive, Image, ImageInfo } from '../image.ts';

const CURRENT_VERSION = 'Microsoft\\Windows NT\\CurrentVersion';
const KERNEL = '/Windows/System32/ntoskrnl.exe';

/** PROCESSOR_ARCHITECTURE_* of winnt.h. */
const ARCHITECTURES: ReadonlyMap<number, Architecture> = new Map([
  [0, 'x86'],
  [5, 'arm'],
  [9, 'amd64'],
  [12, 'arm64'],
]);

/** IMAGE_FILE_MACHINE_* of the PE header. */
const MACHINES: ReadonlyMap<number, Architecture> = new Map([
  [0x14c, 'x86'],
  [0x1c4, 'arm'],
  [0x8664, 'amd64'],
  [0xaa64, 'arm64'],
]);

export function architectureOf(processor: number | undefined): Architecture {
  return (processor === undefined ? undefined : ARCHITECTURES.get(processor)) ?? 'unknown';
}

/** Fills in what the XML lacks from the SOFTWARE hive and the kernel; what they do not say either stays unknown. */
export async function completeInfo(image: Image): Promise<ImageInfo> {
  const { info } = image;
  let { edition, build, architecture } = info;
  if (edition === 'unknown' || build === 0) {
    const software = await softwareOf(image);
    if (edition === 'unknown') edition = textOf(software, 'EditionID') || 'unknown';
    if (build === 0) build = Number.parseInt(textOf(software, 'CurrentBuildNumber'), 10) || 0;
  }
  if (architecture === 'unknown') architecture = await architectureOfKernel(image);
  return { ...info, edition, build, architecture };
}

/** Undefined when there is none or it is damaged: whoever needs the hive gets the error itself. */
async function softwareOf(image: Image): Promise<Hive | undefined> {
  try {
    return await image.hive('SOFTWARE');
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

function textOf(hive: Hive | undefined, name: string): string {
  try {
    const decoded = hive?.value(CURRENT_VERSION, name)?.decoded;
    return decoded?.type === 'REG_SZ' ? decoded.data : '';
  } catch (error) {
    if (error instanceof ImageError) return '';
    throw error;
  }
}

/** +0x3c of a program: where its PE header stands; +4 of that: the machine. */
async function architectureOfKernel(image: Image): Promise<Architecture> {
  try {
    const file = await image.find(KERNEL);
    if (!file || file.folder || file.size < 0x40) return 'unknown';
    const bytes = await file.read();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const header = view.getUint32(0x3c, true);
    if (view.getUint16(0, true) !== 0x5a4d || header + 6 > bytes.length || view.getUint32(header, true) !== 0x4550) return 'unknown';
    return MACHINES.get(view.getUint16(header + 4, true)) ?? 'unknown';
  } catch (error) {
    if (error instanceof ImageError) return 'unknown';
    throw error;
  }
}
