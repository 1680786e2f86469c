// The view of scripts: the language by the extension, programs are none, and what cannot be followed is told.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { script } from '../../../lint/views/script.ts';
import { fakeImage } from '../../helpers/fake-image.ts';
import { makePe } from '../../helpers/make-pe.ts';

async function seen(path: string, content: string | Uint8Array) {
  const image = fakeImage({ files: { [path]: content } });
  const unable: string[] = [];
  const views = new ViewStore(image).open({ script }, (reason) => unable.push(reason));
  return { plain: await views.script({ file: (await image.find(path))! }), unable };
}

test('the extension tells the language; both kinds of Script Host files are told by their text', async () => {
  for (const [path, content, language, text] of [
    ['/a.CMD', 'sl^mgr', 'batch', 'slmgr'],
    ['/a.ps1', "'sl'+'mgr'", 'powershell', "'slmgr'"],
    ['/a.vbs', '"sl" & "mgr"', 'vbscript', '"slmgr"'],
    ['/a.js', '"sl"+"mgr"', 'jscript', '"slmgr"'],
    ['/a.wsf', '<script language="VBScript">x = "sl" & "mgr"', 'vbscript', '"slmgr"'],
    ['/a.hta', '<script>x = "sl" + "mgr"', 'jscript', '"slmgr"'],
    ['/readme', 'sl^mgr', 'unknown', 'slmgr'],
  ] as const) {
    const { plain, unable } = await seen(path, content);
    assert.is(plain?.language, language, path);
    assert.ok(plain?.layers.some((layer) => layer.text.includes(text)));
    assert.equal(unable, []);
  }
});

test('a program is no script, whatever its name', async () => {
  assert.is((await seen('/a.cmd', makePe())).plain, undefined);
});

test('an encoded script and one that holds too much are told', async () => {
  assert.match((await seen('/a.vbe', '#@~^AAAAAA==x^#~@')).unable.join(), /^\/a\.vbe: is a script in encoded form/);
  assert.match((await seen('/a.cmd', 'set a=b\n'.repeat(20_001))).unable.join(), /^\/a\.cmd: sets more than/);
});

test.run();
