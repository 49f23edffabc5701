import { identityApi } from '#contracts/identity/identity.api.ts';
import { ordersApi } from '#contracts/orders/orders.api.ts';
import { roles } from '#contracts/permissions.ts';
import { call } from '#ui/api/client.ts';
import { LanguageSwitch } from '#ui/components/language-switch.tsx';
import { useMay, useMe } from '#ui/office/session.ts';
import { useSay, useWords } from '#ui/text.ts';
import { DownOutlined, MenuOutlined, SearchOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Dropdown, Input } from 'antd';
import { useState } from 'react';
import { LiveSign } from './live.tsx';
import { shellText } from './shell.text.ts';

export const SEARCH_ID = 'number-search';

export function TopBar({ onMenu, navOpen }: { onMenu: () => void; navOpen: boolean }) {
  const speak = useWords(shellText);
  const may = useMay();
  return (
    <header className="bar">
      <Button
        className="bar__menu"
        type="text"
        icon={<MenuOutlined />}
        aria-label={speak('menu')}
        aria-expanded={navOpen}
        aria-controls="nav"
        onClick={onMenu}
      />
      <Link to="/" className="bar__brand">
        {speak('brand')}
      </Link>
      {may('orders.see') ? <NumberSearch /> : <span className="bar__space" />}
      <LiveSign />
      <LanguageSwitch className="bar__language" />
      <Person />
    </header>
  );
}

/** A whole number opens its order; where there is none, the list says so. */
function NumberSearch() {
  const speak = useWords(shellText);
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  return (
    <form
      className="bar__search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const number = typed.replace(/[\s-]/g, '');
        if (!number) return;
        setTyped('');
        void call(ordersApi.list, { query: { number, limit: 2 } }).then(
          ({ items: [only, other] }) =>
            only && !other ? navigate({ to: '/orders/$id', params: { id: only.id } }) : navigate({ to: '/orders', search: { number } }),
          () => navigate({ to: '/orders', search: { number } }),
        );
      }}
    >
      <Input
        id={SEARCH_ID}
        aria-label={speak('search')}
        placeholder={speak('searchHint')}
        prefix={<SearchOutlined aria-hidden />}
        maxLength={40}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </form>
  );
}

function Person() {
  const speak = useWords(shellText);
  const tell = useSay();
  const me = useMe();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const logout = useMutation({
    mutationFn: () => call(identityApi.logout, {}),
    onSettled: () => {
      queries.clear();
      void navigate({ to: '/login', search: {} });
    },
  });
  const held = me.roles.map((role) => tell(roles[role as keyof typeof roles].name)).join('、');
  const place = me.unit?.name;
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'password', label: speak('changePassword') },
          { key: 'logout', label: speak('logout') },
        ],
        onClick: ({ key }) => {
          if (key === 'logout') logout.mutate();
          else void navigate({ to: '/password', search: {} });
        },
      }}
    >
      <Button type="text" className="bar__person">
        <span className="bar__name">
          <span className="ms-visually-hidden">{speak('account')} </span>
          <strong>{me.name}</strong>
          <small>{place ? `${place} · ${held}` : held}</small>
        </span>
        <DownOutlined aria-hidden />
      </Button>
    </Dropdown>
  );
}
