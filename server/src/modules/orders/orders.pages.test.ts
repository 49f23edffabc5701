import { describe, expect, it } from 'vitest';
import { orderLifecycle, type OrderAction } from '#contracts/orders/orders.lifecycle.ts';
import { clockTable } from './orders.clocks.ts';
import { wordsOf } from './orders.words.ts';

const SPOKEN = { zh: /\p{Script=Han}/u, en: /^[A-Z][\w ,;()-]+$/ };

describe('the words of the timeline', () => {
  it.each(Object.keys(orderLifecycle.actions) as OrderAction[])('tell of the action %s as its table does', (action) => {
    const facts = orderLifecycle.actions[action];
    const words = wordsOf(`orders.${action}`);
    expect(words).toEqual({ ...facts.told, public: 'public' in facts });
    expect(words.zh).toMatch(SPOKEN.zh);
    expect(words.en).toMatch(SPOKEN.en);
  });

  it.each(Object.entries(clockTable).flatMap(([clock, facts]) => facts.steps.map((step) => [clock, step.name, step.told] as const)))(
    'tell of the clock %s when it is %s, to the office alone',
    (clock, step, told) => {
      expect(wordsOf(`clocks.${clock}-${step}`)).toEqual({ ...told, public: false });
      expect(told.zh).toMatch(SPOKEN.zh);
      expect(told.en).toMatch(SPOKEN.en);
    },
  );

  it('tell of the filing itself', () => {
    expect(wordsOf('appeals.file')).toMatchObject({
      public: true,
      zh: expect.stringMatching(SPOKEN.zh),
      en: expect.stringMatching(SPOKEN.en),
    });
  });

  it('show an event that has no words by its name, to the office alone', () => {
    for (const name of ['orders.unheard-of', 'clocks.dispatch-unheard', '', 'x'])
      expect(wordsOf(name)).toEqual({ zh: name, en: name, public: false });
  });
});
