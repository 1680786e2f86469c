// Where new nodes go: indentation of the neighbours, and prefixes that are bound there.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseXml } from '../../formats/xml/parse.ts';
import { renderNode } from '../../formats/xml/render.ts';
import { elementsOf } from '../../formats/xml/tree.ts';
import { mergeAnswerFiles } from '../../unattend/merge.ts';
import { copyOf, rootSite, siteBelow, withAppended } from '../../unattend/merge-insert.ts';
import { settingOf } from '../../unattend/model.ts';
import { Provenance } from '../../unattend/provenance.ts';
import { answer, commands, input, LATER, SHELL, shell, text } from '../helpers/merge-input.ts';

const U = 'urn:schemas-microsoft-com:unattend';
const parse = (source: string) => parseXml(new TextEncoder().encode(source)).root;
const news = elementsOf(parse(`<r xmlns="${U}"><n><m>1</m></n></r>`));

/** The base with the new node at the end of the group that `path` leads to. */
function grown(base: string, path: readonly string[] = []): string {
  let element = parse(base);
  let site = rootSite(element);
  for (const name of path) {
    const child = elementsOf(element).find(({ local }) => local === name)!;
    site = siteBelow(child, element.children[element.children.indexOf(child) - 1], site);
    element = child;
  }
  return renderNode(withAppended(element, news, site, new Provenance()));
}

test('a new node stands like its neighbours', () => {
  const open = `<a xmlns="${U}">`;
  assert.is(grown(`${open}\n   <b />\n</a>`), `${open}\n   <b />\n   <n>\n     <m>1</m>\n   </n>\n</a>`);
  assert.is(grown(`${open}\n\t<b>\n\t\t<c />\n\t</b>\n</a>`), `${open}\n\t<b>\n\t\t<c />\n\t</b>\n\t<n>\n\t\t<m>1</m>\n\t</n>\n</a>`);
  assert.is(grown(`${open}<b/></a>`), `${open}<b/><n><m>1</m></n></a>`);
  assert.is(
    grown(`${open}\n    <b>\n        <c />\n    </b>\n</a>`, ['b', 'c']),
    '<c>\n            <n>\n                <m>1</m>\n            </n>\n        </c>',
  );
  assert.is(grown(`${open}<b><c></c></b></a>`, ['b', 'c']), '<c><n><m>1</m></n></c>');
  assert.is(grown(`${open}\n  <b /></a>`), `${open}\n  <b />\n  <n>\n    <m>1</m>\n  </n>\n</a>`);
});

test('a copy takes the prefix of the place, and declares what is not bound there', () => {
  const source = parse(
    `<x:r xmlns:x="${U}" xmlns:w="urn:w" xmlns:v="urn:v"><x:n w:a="1" b="2" xml:lang="de"><v:f/><x:m xmlns:x="${U}" w:a="3"/></x:n></x:r>`,
  );
  const [node] = elementsOf(source);
  const copy = (root: string) =>
    renderNode(copyOf(node!, parse(root).name, { ...rootSite(parse(root)), indent: undefined }, new Provenance()));
  assert.is(copy(`<r xmlns="${U}"/>`), '<n xmlns:w="urn:w" w:a="1" b="2" xml:lang="de"><v:f xmlns:v="urn:v" /><m w:a="3" /></n>');
  assert.is(copy(`<u:r xmlns:u="${U}" xmlns:z="urn:w" xmlns:v="urn:v"/>`), '<u:n z:a="1" b="2" xml:lang="de"><v:f /><u:m z:a="3" /></u:n>');
  assert.is(
    copy(`<w:r xmlns:w="${U}"/>`),
    '<w:n xmlns:w1="urn:w" w1:a="1" b="2" xml:lang="de"><v:f xmlns:v="urn:v" /><w:m w1:a="3" /></w:n>',
  );
});

test('comments and CDATA come along, blank text between elements does not', () => {
  const [node] = elementsOf(parse(`<r xmlns="${U}"><n>\n\n  <!-- c -->\n <m><![CDATA[<]]></m>\n\n</n></r>`));
  const base = parse(`<r xmlns="${U}">\n  <b />\n</r>`);
  const out = renderNode(withAppended(base, [node!], rootSite(base), new Provenance()));
  assert.is(out, `<r xmlns="${U}">\n  <b />\n  <n>\n    <!-- c -->\n    <m><![CDATA[<]]></m>\n  </n>\n</r>`);
});

test("new nodes are indented like their neighbours, and the user's file keeps everything else byte by byte", () => {
  const base = [
    '<?xml version="1.0" encoding="utf-8" ?>',
    '<!-- mine -->',
    '<unattend xmlns="urn:schemas-microsoft-com:unattend">',
    "\t<settings  pass='oobeSystem'>",
    `\t\t<component name="${SHELL}"`,
    '\t\t           processorArchitecture="AMD64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">',
    '\t\t\t<!-- zone -->',
    '\t\t\t<TimeZone>UTC</TimeZone>',
    '\t\t\t<OOBE><ProtectYourPC>3</ProtectYourPC></OOBE>',
    '\t\t</component>',
    '\t</settings>',
    '</unattend>',
    '',
  ];
  const later = answer(
    `<settings pass="OOBESYSTEM">${shell('<!-- who --><RegisteredOwner>Corp</RegisteredOwner><OOBE><HideEULAPage>true</HideEULAPage></OOBE><AutoLogon><Enabled>false</Enabled></AutoLogon>')}</settings>
     <settings pass="generalize">${shell('<X>1</X>')}</settings>`,
  );
  const wanted = base.join('\r\n');
  const expected = wanted
    .replace('</ProtectYourPC></OOBE>', '</ProtectYourPC><HideEULAPage>true</HideEULAPage></OOBE>')
    .replace(
      '\r\n\t\t</component>',
      '\r\n\t\t\t<!-- who -->\r\n\t\t\t<RegisteredOwner>Corp</RegisteredOwner>\r\n\t\t\t<AutoLogon>\r\n\t\t\t\t<Enabled>false</Enabled>\r\n\t\t\t</AutoLogon>\r\n\t\t</component>',
    )
    .replace(
      '\r\n</unattend>',
      `\r\n\t<settings pass="generalize">\r\n\t\t${shell('\r\n\t\t\t<X>1</X>\r\n\t\t')}\r\n\t</settings>\r\n</unattend>`,
    );
  const merged = mergeAnswerFiles([input('base', wanted), input('later', later)], LATER);
  assert.is(text(merged), expected);
  assert.equal(merged.conflicts, []);
});

test('prefixes are bound where the nodes go, whatever they were bound to where they come from', () => {
  const later = answer(`<settings pass="oobeSystem">${shell(commands([1, 'x']))}</settings>`);
  const base =
    '<u:unattend xmlns:u="urn:schemas-microsoft-com:unattend" xmlns:wcm="urn:other"><u:settings pass="oobeSystem"><u:component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64"/></u:settings></u:unattend>';
  const merged = text(mergeAnswerFiles([input('a', base), input('b', later)], LATER));
  const [item] = [...merged.matchAll(/<u:SynchronousCommand ([^>]*)>/g)].map(([, attributes]) => attributes);
  assert.is(item, 'xmlns:wcm1="http://schemas.microsoft.com/WMIConfig/2002/State" wcm1:action="add"');
  assert.is(mergeAnswerFiles([input('m', merged), input('b', later)], { conflict: 'error' }).conflicts.length, 0);
  const back = text(mergeAnswerFiles([input('b', answer('')), input('a', merged)], LATER));
  assert.is(settingOf(input('back', back).file, 'oobeSystem', SHELL, 'FirstLogonCommands/SynchronousCommand/CommandLine'), 'x');
});

test.run();
