// Components for another architecture than the image: Setup skips them without a word.
import { defineCheck, listed } from '../define-check.ts';
import { type AnswerComponent, componentsOf } from '../model.ts';
import { COMPONENT_ARCHITECTURES } from '../names.ts';

export const architecture = defineCheck({
  id: 'architecture',
  title: 'Components are for the architecture of the image',
  description: `Setup skips a component of another architecture than the image without a word. A file for several architectures repeats its components, so
only those without a twin for this image are reported. A file of which no component fits does nothing at all: that is an error.

**Repair.** Repeat the component with the \`processorArchitecture\` of the image (\`amd64\` for 64-bit Windows on Intel and AMD).

**Cannot be proved.** Without an image only the names of architectures are checked.

Source: Microsoft, samples of "Use Answer Files with Sysprep": one component element for each architecture.`,
  messages: {
    unknown: 'there is no architecture "{architecture}"',
    noneFits: 'no component is for {image}: the file does nothing in this image',
    skipped: 'this image is {image}: Setup skips what is for {architecture} only ({components})',
  },
  look(file, report, { architecture: image = 'unknown' }) {
    const components = componentsOf(file).filter((component) => component.architecture.trim() !== '');
    const known = (one: AnswerComponent) => COMPONENT_ARCHITECTURES.some((name) => name === architectureOf(one));
    for (const component of components.filter((one) => !known(one))) {
      report({ messageId: 'unknown', severity: 'warning', at: component.at, data: { architecture: component.architecture } });
    }
    if (image === 'unknown') return;
    const fitting = components.filter((one) => fits(architectureOf(one), image));
    const all = components.filter(known);
    if (all.length > 0 && fitting.length === 0) {
      report({ messageId: 'noneFits', severity: 'error', at: all[0]!.at, data: { image } });
      return;
    }
    const have = new Set(fitting.map(identity));
    for (const name of new Set(all.map(architectureOf))) {
      const skipped = all.filter((one) => architectureOf(one) === name && !have.has(identity(one)));
      if (skipped.length === 0) continue;
      const data = { image, architecture: name, components: listed(skipped.map((one) => `${one.name} in ${one.pass}`)) };
      report({ messageId: 'skipped', severity: 'warning', at: skipped[0]!.at, data });
    }
  },
});

/** The 32-bit side of a 64-bit Windows has components of its own, named wow64. */
function fits(architecture: string, image: string): boolean {
  return architecture === image.toLowerCase() || (architecture === 'wow64' && image.toLowerCase() !== 'x86');
}

function architectureOf(component: AnswerComponent): string {
  return component.architecture.trim().toLowerCase();
}

function identity({ pass, name }: AnswerComponent): string {
  return `${pass} ${name.toLowerCase()}`;
}
