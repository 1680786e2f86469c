// docs/options.schema.json: the options of every step and rule as one JSON Schema, for editors and for checks of plans.
import type { OptionDef, OptionDefs } from '../../pipeline/options.ts';
import type { Catalogue } from './catalogue.ts';

type Schema = Readonly<Record<string, unknown>>;

export function optionsSchema({ steps, rules }: Pick<Catalogue, 'steps' | 'rules'>): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $comment: 'Written by `npm run gen` from the metadata in the source files; do not edit.',
    title: 'Options of the wtgforge steps and rules, by id',
    type: 'object',
    properties: {
      steps: closed(Object.fromEntries(steps.map(({ item }) => [item.id, ref('steps', item.id)]))),
      rules: closed(Object.fromEntries(rules.map(({ item }) => [item.id, ref('rules', item.id)]))),
    },
    additionalProperties: false,
    $defs: {
      ...Object.fromEntries(steps.map(({ item }) => [`steps/${item.id}`, { title: item.title, ...schemaOf(item.options) }])),
      ...Object.fromEntries(rules.map(({ item }) => [`rules/${item.id}`, { title: item.title, ...schemaOf(item.options) }])),
      secret: {
        description: 'A reference made by secret.env(NAME) or secret.file(PATH), never the secret itself',
        ...closed({ from: { enum: ['env', 'file'] }, name: { type: 'string', minLength: 1 } }, ['from', 'name']),
      },
    },
  };
}

/** JSON Schema of one set of options; what it accepts is what `resolveOptions` accepts. */
function schemaOf(options: OptionDefs): Schema {
  const required = Object.entries(options).flatMap(([name, def]) => (def.required && def.default === undefined ? [name] : []));
  return closed(Object.fromEntries(Object.entries(options).map(([name, def]) => [name, schemaOfOption(def)])), required);
}

function schemaOfOption(def: OptionDef): Schema {
  const about = { description: def.description, ...(def.default === undefined ? {} : { default: def.default }) };
  switch (def.type) {
    case 'string':
      return { ...about, ...text(def) };
    case 'string[]':
      return { ...about, type: 'array', items: text(def) };
    case 'boolean':
      return { ...about, type: 'boolean' };
    case 'integer':
      return {
        ...about,
        type: 'integer',
        ...(def.min === undefined ? {} : { minimum: def.min }),
        ...(def.max === undefined ? {} : { maximum: def.max }),
      };
    case 'object[]':
      return { ...about, type: 'array', items: schemaOf(def.fields ?? {}) };
    case 'secret':
      return { ...about, $ref: '#/$defs/secret' };
  }
}

function text(def: OptionDef): Schema {
  return {
    type: 'string',
    ...(def.oneOf ? { enum: def.oneOf } : {}),
    ...(def.pattern === undefined ? {} : { pattern: `^(?:${def.pattern})$` }),
  };
}

function closed(properties: Schema, required: readonly string[] = []): Schema {
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}

/** A JSON pointer writes `~` as ~0 and `/` as ~1. */
function ref(kind: string, id: string): Schema {
  return { $ref: `#/$defs/${`${kind}/${id}`.replaceAll('~', '~0').replaceAll('/', '~1')}` };
}
