export type Typed = Record<string, unknown>;

/**
 * What was typed into an order's forms and not yet sent.
 *
 * It stays in this tab, per person, so that closing a form, another's change or a session that ended costs nobody his words.
 */
export interface TypedStore {
  readonly of: (action: string) => Typed | undefined;
  readonly keep: (action: string, typed: Typed) => void;
  readonly drop: (action: string) => void;
}

export function typedStore(accountId: string, orderId: string): TypedStore {
  const nameOf = (action: string) => `minsheng.typed.${accountId}.${orderId}.${action}`;
  return {
    of(action) {
      try {
        const text = sessionStorage.getItem(nameOf(action));
        return text === null ? undefined : (JSON.parse(text) as Typed);
      } catch {
        return undefined;
      }
    },
    keep(action, typed) {
      try {
        sessionStorage.setItem(nameOf(action), JSON.stringify(typed));
      } catch {
        // A full storage costs the draft, not the form.
      }
    },
    drop: (action) => sessionStorage.removeItem(nameOf(action)),
  };
}
