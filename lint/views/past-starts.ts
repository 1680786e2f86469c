// What Windows once started, as copies of its registry tell: backups (RegBack) and the hives of an earlier installation.
import { WtgforgeError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { isHiveCopy } from '../../image/hive-path.ts';
import type { HiveName } from '../../image/image.ts';
import { imageView } from '../view.ts';
import { readHive, readSystem, type StoredStart } from './autostart.ts';
import { type SeenService, servicesOf } from './scm-entries.ts';

export interface PastStarts {
  readonly starts: readonly StoredStart[];
  readonly services: readonly (SeenService & { readonly hive: HiveName })[];
}

const COPIES = ['/**/config/RegBack/{SOFTWARE,SYSTEM,DEFAULT}', '/**/config/{SOFTWARE,SYSTEM,DEFAULT}', '/**/ntuser.{dat,man}'];
/** Entries of all copies; each may hold as many as a hive in use. */
const STARTS_MAX = 200_000;

export const pastStarts = imageView<PastStarts>({
  walks: [COPIES],
  async read(image, sight) {
    const starts: StoredStart[] = [];
    const services: (SeenService & { readonly hive: HiveName })[] = [];
    const add = (start: StoredStart) => {
      if (starts.length >= STARTS_MAX) throw new FormatError('copies of the registry', `hold more than ${STARTS_MAX} entries`);
      if (start.command !== '') starts.push(start);
    };
    for await (const file of sight.walk(COPIES)) {
      const name = file.path as HiveName;
      // Since Windows 10 1803 the backups are there and empty (Microsoft, KB 4509719).
      if (file.folder || file.size === 0 || !isHiveCopy(name)) continue;
      try {
        const hive = await image.hive(name);
        if (/\/SYSTEM$/i.test(name)) {
          readSystem(hive, name, add);
          for (const service of servicesOf(hive)) services.push({ ...service, hive: name });
        } else readHive(hive, name, /\/SOFTWARE$/i.test(name) ? '' : 'Software\\', add);
      } catch (error) {
        if (!(error instanceof FormatError) && !(error instanceof WtgforgeError)) throw error;
        sight.unseen(error.message.includes(name) ? error.message : `${name}: ${error.message}`);
      }
    }
    return { starts, services };
  },
});
