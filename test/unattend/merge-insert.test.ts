// Where new nodes go: indentation of the neighbours, and prefixes that are bound there.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseXml } from '../../formats/xml/parse.ts';
import { renderNode } from '../../formats/xml/render.ts';
import { elementsOf } from '../../formats/xml/tree.ts';
import { copyOf, rootSite, siteBelow, withAppended } from '../../unattend/merge-insert.ts';
import { Provenance } from '../../unattend/provenance.ts';

const U = 'urn:schemas-microsoft-com:unattend';
const parse = (source: string) => parseXml(new TextEncoder().encode(source)).root;
const news = elementsOf(parse(`<r xmlns="${U}"><n><m>1</m></n></r>`));

/** The base with the new node at the end of the group that `path` leads to. */
function grown(base: string, path: readonly string[] = []): string {
  let element = parse(base);
  let site = rootSite(element);
  for (const name of path) {
    const child = elementsOf(element).find(({ local }) => local === name)!;
    site = siteBelow(element, child, site);
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

test.run();
