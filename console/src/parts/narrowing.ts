/** The filters of a list as texts in the address: what an endpoint is asked for. */
export type Narrowing<Name extends string> = { readonly [N in Name]?: string };

/** Reads them from an address; what is none of them falls away. Numbers come as numbers and are texts here. */
export function narrowingFrom<Name extends string>(names: readonly Name[]) {
  return (search: Record<string, unknown>): Narrowing<Name> =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = search[name];
        const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
        return typeof text === 'string' && text !== '' ? [[name, text.slice(0, 200)]] : [];
      }),
    ) as Narrowing<Name>;
}
