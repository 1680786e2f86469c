// The hosts files of an image: the usual place, and wherever the TCP/IP settings of a control set say that they are.
import { WtgforgeError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { HOSTS_MAX_BYTES, type HostsEntry, hostsEntries } from '../../formats/hosts/parse.ts';
import { controlSets } from '../../image/control-set.ts';
import { findThroughLinks } from '../../image/follow.ts';
import type { Image } from '../../image/image.ts';
import { imagePathOf } from '../../unattend/windows-path.ts';
import { imageView, type Sight } from '../view.ts';

export interface HostsFile {
  readonly path: string;
  /** Reads as it goes, so that a block list of a million lines is never in memory as objects. */
  entries(): Iterable<HostsEntry>;
}

const FOLDER = '/Windows/System32/drivers/etc';
/** hosts.ics is read, too: Internet Connection Sharing keeps its names there. */
const NAMES = ['hosts', 'hosts.ics'];

export const hosts = imageView<readonly HostsFile[]>({
  async read(image, sight) {
    const files: HostsFile[] = [];
    for (const folder of await foldersOf(image, sight)) {
      for (const name of NAMES) {
        const { file } = await findThroughLinks(image, `${folder}/${name}`);
        if (!file || file.folder || files.some(({ path }) => path === file.path)) continue;
        try {
          if (file.size > HOSTS_MAX_BYTES) throw new FormatError('hosts file', `is too large (${file.size} bytes)`);
          const content = await file.read();
          for (const _ of hostsEntries(content)); // a fault is told here, so that no reader meets it half-way
          files.push({ path: file.path, entries: () => hostsEntries(content) });
        } catch (error) {
          if (!(error instanceof FormatError) && !(error instanceof WtgforgeError)) throw error;
          sight.unseen(`${file.path}: ${error.message}`);
        }
      }
    }
    return files;
  },
});

/** `DataBasePath` moves the file for the whole system (Microsoft, "TCP/IP and NBT configuration parameters"). */
async function foldersOf(image: Image, sight: Sight): Promise<readonly string[]> {
  const folders = new Map([[FOLDER.toLowerCase(), FOLDER]]);
  try {
    const system = await image.hive('SYSTEM');
    for (const set of controlSets(system)) {
      const value = system.value(`${set}\\Services\\Tcpip\\Parameters`, 'DataBasePath')?.decoded;
      if (value?.type !== 'REG_SZ' && value?.type !== 'REG_EXPAND_SZ') continue;
      const folder = imagePathOf(`${value.data}\\`)?.replace(/\/+$/, '');
      if (folder === undefined) sight.unseen(`${set}: DataBasePath names a folder outside of the image (${value.data})`);
      else folders.set(folder.toLowerCase(), folder);
    }
  } catch (error) {
    if (!(error instanceof WtgforgeError)) throw error;
    sight.unseen(`${error.message}: where the hosts file lies is unknown`);
  }
  return [...folders.values()];
}
