// What binds an image to one computer or one domain: traces of a joined domain, of BitLocker and of its keys.
import { ImageError } from '../errors.ts';
import type { Image } from './image.ts';

export interface WorkspaceResidue {
  /** What no image that is given to many may hold, each as a sentence with its place. */
  readonly certain: readonly string[];
  /** What may be harmless, or could not be read. */
  readonly doubtful: readonly string[];
}

const SECURITY = '/Windows/System32/config/SECURITY';
/** Names that BitLocker gives to start-up keys and to saved recovery keys. (Microsoft, BitLocker recovery guide) */
const KEYS = ['/**/*.bek', '/**/BitLocker Recovery Key*.txt'];
/** Where BitLocker keeps its metadata on an NTFS volume [M]. */
const METADATA = ['/System Volume Information/FVE2.*'];

/**
 * The secret of the machine account and the SID of the domain stand in the SECURITY hive of a joined machine (a real 8.1 has both, a real
 * 7 in a workgroup neither); a join that was prepared offline writes the same secret.
 */
export async function workspaceResidue(image: Pick<Image, 'has' | 'hive' | 'walk'>): Promise<WorkspaceResidue> {
  const certain: string[] = [];
  const doubtful: string[] = [];
  if (await image.has(SECURITY)) {
    try {
      const hive = await image.hive('SECURITY');
      const account = hive.has('Policy\\Secrets\\$MACHINE.ACC');
      const domain = (hive.value('Policy\\PolPrDmS', '')?.raw.length ?? 0) > 0;
      if (account && domain) certain.push('SECURITY\\Policy: the image is joined to a domain (machine account and domain SID)');
      else if (account)
        doubtful.push('SECURITY\\Policy\\Secrets\\$MACHINE.ACC: the secret of a machine account, though no domain is named');
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      doubtful.push(`not looked for a domain: ${error.message}`);
    }
  }
  for await (const file of image.walk({ files: KEYS })) if (!file.folder) certain.push(`${file.path}: a key of BitLocker`);
  for await (const file of image.walk({ files: METADATA })) doubtful.push(`${file.path}: metadata of a BitLocker volume [M]`);
  return { certain, doubtful };
}
