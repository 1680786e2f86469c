// What is mounted and who keeps it, as the kernel tells it: for tests that nothing is left behind.
import { readdirSync, readFileSync } from 'node:fs';

/** Mount points below a folder. */
export function mountsBelow(folder: string): readonly string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((at) => at.startsWith(folder));
}

/** Command lines of processes that name the folder in an argument or in their environment; this process and its parents aside. */
export function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && Number(name) !== process.ppid)
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        const isZombie = /^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
        return !isZombie && `${words}${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(folder)
          ? [words.replaceAll('\0', ' ')]
          : [];
      } catch {
        return []; // it has ended, or belongs to somebody else
      }
    });
}

/** The condition holds within 15 s. */
export async function becomes(condition: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 300 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  return condition();
}
