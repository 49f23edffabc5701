import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Every document of the repository, without what is installed, built or written by a run. */
const documents = filesUnder(root, ['node_modules', 'dist', 'data', 'screens', 'test-results']);
const decisions = documents.filter((file) => /^docs\/adr\/.*\.md$/.test(file));
const withCommands = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', ...documents.filter((file) => file.startsWith('docs/how-to/'))];

function filesUnder(folder: string, without: readonly string[]): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !without.includes(entry.name) && (entry.name === '.ci' || !entry.name.startsWith('.')))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesUnder(path, without);
      return entry.name.endsWith('.md') ? [relative(root, path).replaceAll('\\', '/')] : [];
    })
    .toSorted();
}

/** `npm run X`, `npm X` and, in prose, nothing else: what npm itself brings is no script of ours. */
const NPM_OWN = ['ci', 'install'];
function commandsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run )?([a-z][a-z0-9:-]*)/g)].map((found) => found[1]!).filter((name) => !NPM_OWN.includes(name));
}

/** Where the links and pictures of a document lead, as Markdown and as HTML writes them. Code is no link. */
function linksIn(text: string): string[] {
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)|(?:src|href)="([^"]+)"/g)].map((found) => (found[1] ?? found[2])!);
}

/** The rows of the tables under a heading row that begins with `| term`. */
function termRows(text: string): string[][] {
  let inside = false;
  const rows: string[][] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) inside = false;
    else if (line.startsWith('| term |')) inside = true;
    else if (inside && !/^\|[ |:-]+\|$/.test(line))
      rows.push(
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
  }
  return rows;
}

describe('the commands that the documents name', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const door = /^const commands = \{(.*?)^\};/ms.exec(read('tools/run.mjs'))?.[1] ?? '';
  const known = new Set([...door.matchAll(/^ {2}'?([a-z][a-z0-9:-]*)'?: \[/gm)].map((found) => found[1]!));

  it.each(withCommands)('of %s are scripts of package.json, and behind the door', (file) => {
    for (const name of commandsIn(read(file))) {
      expect(Object.keys(scripts), `npm run ${name}`).toContain(name);
      expect(known, `node tools/run.mjs ${name}`).toContain(name);
    }
  });

  it('are named at all', () => {
    expect(commandsIn(read('README.md'))).toEqual(expect.arrayContaining(['start', 'test', 'migrate', 'admin', 'import']));
    expect(commandsIn('then `npm run no-such` and npm ci')).toEqual(['no-such']);
  });

  it('lead through the door, each under its own name', () => {
    for (const [name, script] of Object.entries(scripts)) expect(script).toBe(`node tools/run.mjs ${name}`);
    for (const name of Object.keys(scripts)) expect(known).toContain(name);
  });
});

describe('the links of the documents', () => {
  it.each(documents)('of %s lead to files that exist', (file) => {
    const missing = linksIn(read(file))
      .filter((link) => !/^(https?:|mailto:|#)/.test(link))
      .filter((link) => !existsSync(join(root, dirname(file), decodeURIComponent(link.split('#')[0]!))));
    expect(missing).toEqual([]);
  });

  it('are found in text, in pictures and in HTML, and not in code', () => {
    const text = 'See [a](x.md), ![p](y.png) and <img src="z.png">, not `[b](c.md)`.\n```\n[d](e.md)\n```\n';
    expect(linksIn(text)).toEqual(['x.md', 'y.png', 'z.png']);
  });
});

describe('the decisions', () => {
  it('have each a number of their own, under a title that says it', () => {
    const numbers = decisions.map((file) => file.slice('docs/adr/'.length, 'docs/adr/0000'.length));
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(number).toMatch(/^\d{4}$/);
    for (const file of decisions)
      expect(read(file)).toMatch(new RegExp(`^# ${file.slice('docs/adr/'.length, 'docs/adr/0000'.length)} \\S`));
  });

  it.each(decisions)('%s says why, what, what follows and what enforces it', (file) => {
    const sections = [...read(file).matchAll(/^## (.+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm)];
    expect(sections.map((section) => section[1])).toEqual(['Context', 'Decision', 'Consequences', 'Enforced by']);
    for (const [, heading, text] of sections) expect(text!.trim().length, heading).toBeGreaterThan(40);
  });

  it.each([...decisions, 'ARCHITECTURE.md', 'GLOSSARY.md', 'CONTRIBUTING.md', ...withCommands])('the files that %s names exist', (file) => {
    // A path is named whole, from the root; patterns and examples (`<module>`, `*`, `…`) are no paths.
    const named = [...read(file).matchAll(/`((?:contracts|server|console|portal|ui|e2e|bench|tools|docs)\/[\w./-]+)`/g)].map(
      (found) => found[1]!,
    );
    const examples = /knowledge/;
    expect(named.filter((path) => !examples.test(path) && !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('the glossary', () => {
  const rows = termRows(read('GLOSSARY.md'));

  it('gives every term its Chinese, a meaning and a place', () => {
    expect(rows.length).toBeGreaterThan(60);
    for (const [term, chinese, meaning, place, ...more] of rows) {
      expect(chinese, `${term} in Chinese`).toMatch(/\p{Script=Han}/u);
      expect(meaning, `meaning of ${term}`).toMatch(/\w{3}/);
      expect(place, `place of ${term}`).toMatch(/\w{3}/);
      expect(more).toEqual([]);
    }
  });

  it('has every term once', () => {
    const terms = rows.map(([term]) => term);
    expect(terms.filter((term, place) => terms.indexOf(term) !== place)).toEqual([]);
  });
});
