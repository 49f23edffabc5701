import { expect, test } from 'vitest';
import { proposedOf } from './responsibilities.rules.ts';

const [WANG, LI] = [
  { id: '00000000-0000-7000-8000-000000000001', name: '王工' },
  { id: '00000000-0000-7000-8000-000000000002', name: '李工' },
];
const person = ({ id, name }: { id: string; name: string }) => ({ party: `person:${id}`, name });
const role = { party: 'role:operator', name: 'operator' };
const none = { consulted: [], informed: [] };

test('the first responsible person who may own a matter is proposed, else who answers for it, and never a role', () => {
  const proposed = (responsible: { party: string; name: string }[], accountable: { party: string; name: string }, owners = [WANG!, LI!]) =>
    proposedOf({ responsible, accountable, ...none }, owners);
  expect(proposed([role, person(LI!), person(WANG!)], person(WANG!))).toEqual({ ...LI, part: 'responsible' });
  expect(proposed([role], person(WANG!))).toEqual({ ...WANG, part: 'accountable' });
  // Who left is not proposed.
  expect(proposed([person(LI!)], person(WANG!), [WANG!])).toEqual({ ...WANG, part: 'accountable' });
  expect(proposed([role], role)).toBeNull();
});
