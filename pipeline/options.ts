// Options of steps and rules: declared once as data; types, validation, docs and JSON Schema derive from it.

/** A secret by reference: the value is read only when a step reveals it, and never printed. */
export interface SecretRef {
  readonly from: 'env' | 'file';
  readonly name: string;
}

type Plain = {
  string: string;
  integer: number;
  boolean: boolean;
  'string[]': readonly string[];
  secret: SecretRef;
  'object[]': readonly Readonly<Record<string, unknown>>[];
};

export interface OptionDef {
  readonly type: keyof Plain;
  readonly description: string;
  readonly required?: true;
  readonly default?: unknown;
  readonly oneOf?: readonly string[];
  /** Inclusive bounds of an integer. */
  readonly min?: number;
  readonly max?: number;
  /** A whole-string regular expression (ECMAScript) for a string or each string of a list. */
  readonly pattern?: string;
  /** What each object of an `object[]` holds: options again, lists of objects excepted. */
  readonly fields?: OptionDefs;
}

export type OptionDefs = Readonly<Record<string, OptionDef>>;

type Simple<D extends OptionDef> = D extends { oneOf: readonly (infer C)[]; type: 'string' } ? C : Plain[D['type']];
type GivenValue<D extends OptionDef> = D extends { fields: infer F extends OptionDefs; type: 'object[]' } ? readonly Given<F>[] : Simple<D>;
type ResolvedValue<D extends OptionDef> = D extends { fields: infer F extends OptionDefs; type: 'object[]' }
  ? readonly Resolved<F>[]
  : Simple<D>;
type Keys<D extends OptionDefs, Has> = { [K in keyof D]: D[K] extends Has ? K : never }[keyof D];
type RequiredOption = { required: true };
type Filled = { required: true } | { default: NonNullable<unknown> };

/** What the author may write. */
export type Given<D extends OptionDefs> = { readonly [K in Keys<D, RequiredOption>]: GivenValue<D[K]> } & {
  readonly [K in Exclude<keyof D, Keys<D, RequiredOption>>]?: GivenValue<D[K]> | undefined;
};

/** What a step or rule gets: defaults filled in. */
export type Resolved<D extends OptionDefs> = { readonly [K in Keys<D, Filled>]: ResolvedValue<D[K]> } & {
  readonly [K in Exclude<keyof D, Keys<D, Filled>>]?: ResolvedValue<D[K]> | undefined;
};

/** Resolves what the author gave against the definitions. Every mistake is added to `faults` with its path; nothing is thrown. */
export function resolveOptions(
  defs: OptionDefs,
  given: Readonly<Record<string, unknown>>,
  path: string,
  faults: string[],
): Readonly<Record<string, unknown>> {
  const known = Object.keys(defs);
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(defs, key)) {
      faults.push(`${path}.${key}: unknown option (known: ${known.length > 0 ? known.join(', ') : 'none'})`);
    }
  }
  const resolved: Record<string, unknown> = {};
  for (const [key, def] of Object.entries(defs)) {
    const value = Object.hasOwn(given, key) && given[key] !== undefined ? given[key] : def.default;
    if (value === undefined) {
      if (def.required) faults.push(`${path}.${key}: is missing (${def.description})`);
      continue;
    }
    if (def.type === 'object[]' && Array.isArray(value)) {
      resolved[key] = resolveObjects(def, value, `${path}.${key}`, faults);
      continue;
    }
    const fault = faultOf(def, value);
    if (fault) faults.push(`${path}.${key}: ${fault}`);
    else resolved[key] = value;
  }
  return resolved;
}

/** The objects of a list, each resolved as options are. */
function resolveObjects(def: OptionDef, list: readonly unknown[], path: string, faults: string[]): readonly unknown[] {
  return list.map((item, at) => {
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
      return resolveOptions(def.fields ?? {}, item as Readonly<Record<string, unknown>>, `${path}[${at}]`, faults);
    }
    faults.push(`${path}[${at}]: must be an object (is ${kindOf(item)})`);
    return undefined;
  });
}

/** What is wrong with a value, or undefined. Never repeats the value of a secret. */
function faultOf(def: OptionDef, value: unknown): string | undefined {
  switch (def.type) {
    case 'string':
      if (typeof value !== 'string') return `must be a string (is ${kindOf(value)})`;
      return faultOfText(def, value);
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return `must be a whole number (is ${kindOf(value)})`;
      if (def.min !== undefined && value < def.min) return `must be at least ${def.min} (is ${value})`;
      if (def.max !== undefined && value > def.max) return `must be at most ${def.max} (is ${value})`;
      return undefined;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `must be true or false (is ${kindOf(value)})`;
    case 'string[]': {
      if (!Array.isArray(value)) return `must be a list of strings (is ${kindOf(value)})`;
      const wrong = value.findIndex((item) => typeof item !== 'string');
      if (wrong >= 0) return `item ${wrong} must be a string (is ${kindOf(value[wrong])})`;
      const faults = value.map((item: string, at) => [at, faultOfText(def, item)] as const).filter(([, fault]) => fault);
      return faults.length > 0 ? `item ${faults[0]![0]} ${faults[0]![1]}` : undefined;
    }
    case 'object[]':
      return `must be a list of objects (is ${kindOf(value)})`;
    case 'secret':
      return isSecretRef(value) ? undefined : 'must be a reference made by secret.env(NAME) or secret.file(PATH), never the secret itself';
  }
}

function faultOfText(def: OptionDef, text: string): string | undefined {
  if (def.oneOf && !def.oneOf.includes(text)) return `must be one of ${def.oneOf.join(', ')} (is "${text}")`;
  if (def.pattern && !new RegExp(`^(?:${def.pattern})$`, 'u').test(text)) return `does not have the right form (is "${text}")`;
  return undefined;
}

export function isSecretRef(value: unknown): value is SecretRef {
  if (typeof value !== 'object' || value === null) return false;
  const { from, name } = value as { from?: unknown; name?: unknown };
  return (from === 'env' || from === 'file') && typeof name === 'string' && name.length > 0;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value;
}
