import { useMe } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { Link } from '@tanstack/react-router';
import { mayOpen, navigation } from './nav.ts';
import { shellText } from './shell.text.ts';

export function SideNav({ open, onClose }: { open: boolean; onClose: () => void }) {
  const speak = useWords(shellText);
  const tell = useSay();
  const { permissions } = useMe();
  const groups = navigation
    .map((group) => ({ ...group, items: group.items.filter(({ to }) => mayOpen(to, permissions)) }))
    .filter((group) => group.items.length > 0);
  return (
    <>
      {open ? <button type="button" className="nav__veil" aria-label={speak('close')} onClick={onClose} /> : null}
      <nav className={`nav${open ? ' nav--open' : ''}`} aria-label={speak('navigation')} id="nav">
        {groups.map((group) => (
          <div key={group.name.en}>
            <p className="nav__group">{tell(group.name)}</p>
            <ul>
              {group.items.map(({ to, name }) => (
                <li key={to}>
                  <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
                    {tell(name)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </>
  );
}
