// The part of node-7z that we use; the package brings no types.
declare module 'node-7z' {
  import type { ChildProcess } from 'node:child_process';
  import type { Readable } from 'node:stream';

  interface ListOptions {
    readonly $bin: string;
    readonly $raw: readonly string[];
    readonly $spawnOptions: object;
    readonly password: string;
    readonly techInfo: boolean;
  }
  const node7z: {
    list(archive: string, options: ListOptions): Readable & { readonly _childProcess: ChildProcess };
  };
  export default node7z;
}
