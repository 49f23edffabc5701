/** Opens a path of the console with its filters, as it stood before the log-in. */
export function returnTo(
  router: { readonly basepath?: string; readonly history: { push: (path: string) => void } },
  back: string | undefined,
): void {
  router.history.push(`/console${back ?? '/'}`);
}
