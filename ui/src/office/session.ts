import type { Me } from '#contracts/identity/identity.api.ts';
import type { Permission } from '#contracts/permissions.ts';
import { createContext, useContext } from 'react';

export const MeContext = createContext<Me | undefined>(undefined);

/** Who is logged in; only pages behind the log-in may ask. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside of a session');
  return me;
}

/** Whether the person holds a permission. The server judges again; this only spares dead buttons. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useMe();
  return (permission) => permissions.includes(permission);
}
