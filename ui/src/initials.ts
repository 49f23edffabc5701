/** The first character of each initial in the order of pinyin; no word begins with i, u or v. */
const FIRST = { a: '阿', b: '八', c: '嚓', d: '哒', e: '妸', f: '发', g: '旮', h: '哈', j: '讥', k: '咔', l: '垃', m: '妈', n: '拏' };
const MORE = { o: '噢', p: '妑', q: '七', r: '呥', s: '仨', t: '它', w: '穵', x: '夕', y: '丫', z: '帀' };
const LETTERS = Object.entries({ ...FIRST, ...MORE });
const pinyin = new Intl.Collator('zh-u-co-pinyin');
const known = new Map<string, string>();

/** The pinyin initials of a name, by the reading its characters are sorted under: 玄武区 xwq. Whatever is not Chinese stands. */
export function initialsOf(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const initials = [...text.toLowerCase()]
    .map((char) => (/\p{Script=Han}/u.test(char) ? (LETTERS.findLast(([, first]) => pinyin.compare(first, char) <= 0)?.[0] ?? char) : char))
    .join('');
  known.set(text, initials);
  return initials;
}

/** Whether an entry is what somebody types: every word in its name, in its initials, or at the start of its code. */
export function isFound(typed: string, label: string, code: string): boolean {
  const words = typed.trim().toLowerCase().split(/\s+/);
  return words.every((word) => label.toLowerCase().includes(word) || code.startsWith(word) || initialsOf(label).includes(word));
}

/** Sorts what was found: a name that begins with what was typed stands before one that holds it somewhere. */
export function nearer(typed: string, a: string, b: string): number {
  const word = typed.trim().toLowerCase();
  const far = (label: string) => {
    const own = label.split(/[\s/]+/).at(-1) ?? label;
    return own.toLowerCase().startsWith(word) || initialsOf(own).startsWith(word) ? 0 : 1;
  };
  return far(a) - far(b);
}
