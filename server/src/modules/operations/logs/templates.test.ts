import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../../test/random.ts';
import { createTemplates, masked, templateName, templateNumber } from './templates.rules.ts';

describe('a message', () => {
  it.each([
    ['order 32050001 took 12.5ms', 'order <*> took <*>'],
    ['GET /api/orders/019b-77/sheet failed: "not found"', 'GET <*> failed: <*>'],
    ['a request was answered', 'a request was answered'],
    ['工单32050020261123已到时限节点', '工单<*>已到时限节点'],
    ['connect ECONNREFUSED 10.2.3.4:5432', 'connect ECONNREFUSED <*>'],
    ['see https://example.org/a?b=1 now', 'see <*> now'],
    ['2026-11-24T10:00:00.000Z up', '<*> up'],
    ['first line\nsecond line', 'first line'],
  ])('%s has holes where values show by their form', (message, text) => {
    expect(masked(message)).toBe(text);
  });
});

describe('like lines', () => {
  const names = 'anna bert carl dora emil fred gina hans ines jana'.split(' ');

  it('fold to one template once a place has held eight words, and stay there', () => {
    const templates = createTemplates();
    const texts = names.map((name) => templates.of('identity', `user ${name} logged in`).text);
    expect(texts.slice(0, 7)).toEqual(names.slice(0, 7).map((name) => `user ${name} logged in`));
    expect(new Set(texts.slice(7))).toEqual(new Set(['user <*> logged in']));
    expect(templates.of('identity', 'user anna logged in').text).toBe('user <*> logged in');
  });

  it('whose words tell what happened stay apart', () => {
    const templates = createTemplates();
    for (let round = 0; round < 20; round++)
      for (const what of ['opened', 'closed', 'cut'])
        expect(templates.of('live', `a live stream was ${what} after ${round} s`).text).toBe(`a live stream was ${what} after <*> s`);
  });

  it('fold in two places one after the other', () => {
    const templates = createTemplates();
    for (const name of names) for (const city of names) templates.of('m', `${name} moved over to ${city}`);
    expect(templates.of('m', 'somebody moved over to somewhere').text).toBe('<*> moved over to <*>');
  });

  it('have one number on every node and after every restart', () => {
    const [one, other] = [createTemplates(), createTemplates()];
    for (const name of names) one.of('identity', `user ${name} logged in`);
    for (const name of names.toReversed()) other.of('identity', `user ${name} logged in`);
    const after = createTemplates([{ module: 'identity', text: 'user <*> logged in' }]);
    const ids = [one, other, after].map((templates) => templates.of('identity', 'user zoe logged in').id);
    expect(new Set(ids).size).toBe(1);
    expect(after.of('other', 'user zoe logged in').id).not.toBe(ids[0]);
    expect(templateNumber(templateName(ids[0]!))).toBe(ids[0]);
  });

  it('in the same order give the same templates, whatever they are', () => {
    const lines = (seed: number) => {
      const random = randomFrom(seed);
      return Array.from({ length: 3000 }, () =>
        Array.from({ length: 3 + random.below(4) }, () => random.pick([...names, 'failed', 'at', String(random.below(99))])).join(' '),
      );
    };
    const [one, other] = [createTemplates(), createTemplates()];
    for (const line of lines(3)) expect(one.of('m', line)).toEqual(other.of('m', line));
  });
});

it('whatever comes, no more than a bounded number of things is remembered', () => {
  const templates = createTemplates();
  const random = randomFrom(5);
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const word = () => Array.from({ length: 6 }, () => random.pick([...letters])).join('');
  for (let line = 0; line < 30_000; line++) templates.of(word(), `${word()} ${word()} ${word()} ${word()}`);
  expect(templates.size()).toBeLessThan(51_000);
  // And it still folds.
  for (let line = 0; line < 30; line++) templates.of('m', `the word ${word()} came`);
  expect(templates.of('m', 'the word at came').text).toBe('the word <*> came');
});
