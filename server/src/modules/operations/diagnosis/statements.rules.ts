/**
 * A statement without what people may have put into it: literals are replaced by `…`, comments are left out except the name of a
 * hot statement. Placeholders, names and numbers within names stay. What is cut in the middle of a literal ends there.
 */
export function withoutLiterals(statement: string): string {
  return statement
    .replace(TOKENS, (token) => {
      if (/^\/\*hot:[a-z-]+\*\/$/.test(token)) return token;
      if (token.startsWith('--') || token.startsWith('/*')) return ' ';
      if (token.startsWith('"') || /^[A-Za-z_\u0080-\uffff]/.test(token) || /^\$\d/.test(token)) return literalOf(token);
      return '…';
    })
    .replace(/\s+/g, ' ')
    .trim();
}

/** What a statement is made of where literals can hide: comments, quoted names, names, placeholders, texts, numbers. */
const TOKENS = new RegExp(
  [
    '--[^\\n]*',
    '/\\*[\\s\\S]*?(?:\\*/|$)',
    '"(?:[^"]|"")*(?:"|$)',
    "[eE]'(?:[^'\\\\]|\\\\[\\s\\S]|'')*(?:'|$)",
    "(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$)",
    '\\$(?<tag>[A-Za-z_]\\w*)?\\$[\\s\\S]*?(?:\\$\\k<tag>\\$|$)',
    '\\$\\d+',
    '[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*',
    '(?:0[xX][0-9a-fA-F_]+|\\d[\\d_]*(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?',
  ].join('|'),
  'g',
);

/** A name stays; a text with a letter before it is a literal. */
const literalOf = (token: string) => (token.endsWith("'") || /^(?:[eEbBxXnN]|[uU]&)'/.test(token) ? '…' : token);

/** A literal of these kinds is normalised to `interval $1`, which is no SQL. */
const TYPED = /\b(interval|date|timestamptz|timestamp|timetz|time|jsonb|json|uuid|bytea|inet)\s+(\$\d+)/gi;

/** So is the part of a date that is asked for; which one changes no plan. */
const EXTRACTED = /\bextract\s*\(\s*\$\d+\s+from\b/gi;

/** A statement of the statistics as EXPLAIN takes it; null where it is none that is planned. */
export function explainable(statement: string): string | null {
  const text = statement.trim().replace(/;\s*$/, '');
  if (!/^(?:\s|\/\*[\s\S]*?\*\/|--[^\n]*\n|\()*(?:select|insert|update|delete|merge|with|values|table)\b/i.test(text)) return null;
  // One statement, as PostgreSQL keeps them: what holds another one is not run through.
  if (withoutLiterals(text).includes(';')) return null;
  return text.replace(TYPED, '$2::$1').replace(EXTRACTED, 'extract(epoch from');
}
