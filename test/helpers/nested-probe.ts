// What rules get of the files of an image with archives in it: paths and contents, places of findings, what stayed closed.
import type { Image } from '../../image/image.ts';
import { lintImage } from '../../lint/lint-image.ts';
import { locationText } from '../../lint/location.ts';
import type { OpaqueContent } from '../../lint/rule.ts';
import { loadSignatures } from '../../lint/signatures.ts';
import { type FakeFile, fakeImage } from './fake-image.ts';
import { outcome, ruleOf } from './lint-probe.ts';

/** The fixed text MARKER is a signature of its own; XML files are shown whole. */
export async function lookInside(files: Record<string, string | Uint8Array | FakeFile> | Image, archives = true) {
  const image = 'walk' in files ? (files as Image) : fakeImage({ files: files as Record<string, FakeFile> });
  const seen: string[] = [];
  const opaque: OpaqueContent[] = [];
  const rule = ruleOf({ files: ['/**/*.xml'], content: 'whole', signatures: ['marker'], text: 'product-keys' }, (report) => ({
    file: (file, content) => {
      seen.push(`${file.path}=${Buffer.from(content ?? []).toString()}`);
    },
    match: ({ file, stream }) => report({ file: file.path, ...(stream === undefined ? {} : { stream }) }),
    text: ({ file }) => report({ file: file.path }),
    opaque: (content) => void opaque.push(content),
  }));
  const signatures = await loadSignatures(['marker'], async () => 'rule marker { strings: $a = "MARKER" ascii wide condition: $a }');
  const result = await lintImage(image, { rules: [rule], signatures, archives });
  return {
    seen: seen.sort(),
    opaque: opaque.map(({ at, why, detail }) => ({ at: locationText(at), why, detail })),
    found: result.findings.map(({ at }) => locationText(at)).sort(),
    outcome: outcome(result),
    result,
  };
}
