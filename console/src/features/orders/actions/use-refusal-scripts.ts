import { useDictionary } from '#ui/office/dictionary.ts';
import { useLanguage } from '#ui/text.ts';

/** What the dictionary proposes to tell the citizen for each reason of refusal. */
export function useRefusalScripts(): ReadonlyMap<string, string> {
  const language = useLanguage();
  const { codes } = useDictionary();
  const scripts = new Map<string, string>();
  for (const { code, extra } of codes['refusal_reason'] ?? []) {
    const script = extra?.[`script_${language}`];
    if (script) scripts.set(code, script);
  }
  return scripts;
}
