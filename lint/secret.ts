// Redaction as a type: what a rule found is kept only in a masked form, so that no report can print it.

/** A found secret. The text itself is not kept. */
export class Secret {
  readonly kind: string;
  private readonly shown: string;

  private constructor(kind: string, shown: string) {
    this.kind = kind;
    this.shown = shown;
  }

  /** `product-key` keeps the last five characters, as slmgr shows them; anything else keeps only that it is there. */
  static found(kind: 'product-key' | 'password' | 'secret', text: string): Secret {
    if (kind === 'product-key' && text.length >= 25) return new Secret(kind, `*****-*****-*****-*****-${text.slice(-5)}`);
    return new Secret(kind, text.length === 0 ? '(empty)' : '(redacted)');
  }

  toString(): string {
    return this.shown;
  }

  toJSON(): string {
    return this.shown;
  }
}
