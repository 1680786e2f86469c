// The kind of container that a build writes: what the name and the config say, what goes with what, and what it costs.
import { extname } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { ContainerId } from './image.ts';

export const OUTPUT_FORMATS = ['wim', 'esd', 'swm', 'vhd', 'vhdx', 'qcow2', 'raw'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
export const COMPRESSIONS = ['none', 'xpress', 'lzx', 'lzms'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** What the author of a config may say. */
export interface GivenPacking {
  /** Default: what the output's name ends in; where that says nothing, the kind of the base image. */
  readonly format?: OutputFormat;
  /** Compresses all content anew, in a WIM or SWM; default: as it is stored in the base image. */
  readonly compress?: Compression;
  /** One compressed stream over many files: smaller, slow to write, and to be read from its start. An ESD always is. */
  readonly solid?: boolean;
  /** Of each part of an SWM, in MiB; default 3800, which FAT32 takes. */
  readonly partSize?: number;
  /** Of a disk that is made from a WIM, in MiB; default: the content and a quarter more. */
  readonly diskSize?: number;
}

export interface Packing {
  readonly format: OutputFormat;
  /** Undefined: contents stay as they are stored. */
  readonly compress: Compression | undefined;
  readonly solid: boolean;
  readonly partSize: number;
  readonly diskSize: number | undefined;
}

const DISKS: ReadonlySet<ContainerId> = new Set(['vhd', 'vhdx', 'qcow2', 'raw']);
const BY_EXTENSION: Readonly<Record<string, OutputFormat>> = { '.img': 'raw', '.vhd': 'vhd', '.raw': 'raw' };
/** FAT32 ends at 4 GiB less one byte; DISM's own examples take 3800. */
const PART_SIZE = 3800;

export function isDiskFormat(format: ContainerId): format is 'vhd' | 'vhdx' | 'qcow2' | 'raw' {
  return DISKS.has(format);
}

/** What the end of a file name says; undefined when it says nothing. */
export function formatOfName(path: string): OutputFormat | undefined {
  const extension = extname(path).toLowerCase();
  return BY_EXTENSION[extension] ?? OUTPUT_FORMATS.find((format) => `.${format}` === extension);
}

/** What is wrong with what the config says, whatever the base image is. */
export function packingFaults(path: string, given: GivenPacking): readonly string[] {
  const named = formatOfName(path);
  const format = given.format ?? named;
  const faults: string[] = [];
  if (given.format !== undefined && named !== undefined && named !== given.format) {
    faults.push(`output.format: is ${given.format}, but the name of the output ends in ${extname(path)}`);
  }
  if (format === undefined) return faults;
  const takes = (what: keyof GivenPacking, formats: readonly OutputFormat[]) => {
    if (given[what] !== undefined && !formats.includes(format))
      faults.push(`output.${what}: does not go with the format ${format} (only with ${formats.join(' and ')})`);
  };
  takes('compress', ['wim', 'swm', 'esd']);
  takes('solid', ['wim', 'esd']);
  takes('partSize', ['swm']);
  takes('diskSize', ['vhd', 'vhdx', 'qcow2', 'raw']);
  if (format === 'esd' && given.compress !== undefined && given.compress !== 'lzms') faults.push('output.compress: an ESD is LZMS');
  if (format === 'esd' && given.solid === false) faults.push('output.solid: an ESD is solid');
  if (given.solid && (given.compress === 'none' || given.compress === 'xpress')) {
    faults.push(`output.compress: ${given.compress} cannot be solid (lzx and lzms can)`);
  }
  return faults;
}

/** @throws ConfigError OUTPUT_FORMAT for what does not go with this base image */
export function resolvePacking(
  source: ContainerId,
  path: string,
  { images, ...given }: GivenPacking & { readonly images?: 'built' | 'all' },
): Packing {
  const disk = isDiskFormat(source);
  const format = given.format ?? formatOfName(path) ?? (disk ? source : 'wim');
  const [fault] = packingFaults(path, { ...given, format });
  if (fault !== undefined) throw new ConfigError('OUTPUT_FORMAT', fault, { hint: 'See "output" in docs/containers.md.' });
  if (images === 'all' && disk !== isDiskFormat(format)) {
    throw new ConfigError('OUTPUT_FORMAT', 'output.images: "all" does not go with a change from disk to WIM or from WIM to disk', {
      hint: 'Use "built": only the built image is turned into the other kind.',
    });
  }
  if (disk && given.diskSize !== undefined) {
    throw new ConfigError('OUTPUT_FORMAT', 'output.diskSize: the base image is a disk and keeps its size', {
      hint: 'Leave it out; a volume is made larger on Windows.',
    });
  }
  const solid = format === 'esd' || (given.solid ?? false);
  // A captured disk has to be compressed somehow; LZX is what install.wim has.
  const lzx = disk && (format === 'wim' || format === 'swm') ? 'lzx' : undefined;
  return {
    format,
    compress: isDiskFormat(format) ? undefined : (given.compress ?? (solid ? 'lzms' : lzx)),
    solid,
    partSize: given.partSize ?? PART_SIZE,
    diskSize: given.diskSize,
  };
}

/** What a build costs besides writing its changes, in one line; how much slower was measured by `npm run bench -- --disks`. */
export function costOf(source: ContainerId, { format, compress, solid }: Pick<Packing, 'format' | 'compress' | 'solid'>): string {
  const disk = isDiskFormat(source);
  if (isDiskFormat(format)) {
    if (format === source) return 'a copy of the disk, then only what changed';
    if (disk) return `the disk is read once and written as ${format.toUpperCase()}; free space takes no room`;
    return 'a copy of the WIM beside the output, then all files are unpacked onto a new disk: twice the room for a while';
  }
  const packs =
    compress === undefined
      ? ''
      : `all content is compressed anew (${compress.toUpperCase()}${solid ? ', solid' : ''}: ${PACE[solid ? 'solid' : compress]})`;
  const first = disk ? 'all files are read from the disk' : UNPACKED[source];
  const last = format === 'swm' ? 'the parts are copied out of a whole WIM beside them' : '';
  return [first, packs, last].filter((part) => part).join('; ') || 'a copy of the WIM, then only what changed';
}

const UNPACKED: Partial<Record<ContainerId, string>> = {
  esd: 'the ESD is unpacked first (XPRESS, which is larger: compress says otherwise)',
  swm: 'the parts are joined first',
};

const PACE = {
  none: 'as quick as copying, and the largest',
  xpress: 'quick, larger than LZX',
  lzx: 'minutes for an install.wim',
  lzms: 'slower than LZX, a little smaller; older Windows cannot read it',
  solid: 'the smallest and by far the slowest: some ten times LZX, and lint unpacks all of it again',
} as const;
