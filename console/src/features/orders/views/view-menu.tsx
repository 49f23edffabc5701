import { savedViewsApi, type OrderListName, type SavedView } from '#contracts/orders/saved-views.api.ts';
import { call } from '#ui/api/client.ts';
import { useMay } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { DownOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, type MenuProps } from 'antd';
import { useState } from 'react';
import { addressOfView, columnsOf, searchOfView, type Filters } from '../orders.filters.ts';
import { ViewForm, type ViewGiven } from './view-form.tsx';
import { viewsText } from './views.text.ts';

export interface ViewMenuProps {
  readonly list: OrderListName;
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** The views of a list: to be opened, saved, changed. The address holds what is shown, so a link shows it to anybody. */
export function ViewMenu({ list, filters, onChange }: ViewMenuProps) {
  const speak = useWords(viewsText);
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const may = useMay();
  const [form, setForm] = useState<'new' | 'rename'>();
  const { data } = useQuery({
    queryKey: ['views', list],
    queryFn: ({ signal }) => call(savedViewsApi.list, { query: { list } }, { signal }),
    enabled: may('orders.keep-views'),
    staleTime: 60_000,
  });
  const views = data?.items ?? [];
  const open = views.find(({ id }) => id === filters.view);
  const told = async (key: 'saved' | 'removed', name: string) => {
    void message.success(speak(key, { name }));
    await queries.invalidateQueries({ queryKey: ['views', list] });
  };
  const shown = { search: searchOfView(filters), columns: [...columnsOf(filters)] };
  const save = useMutation({
    mutationFn: ({ id, ...given }: ViewGiven & Pick<SavedView, 'search' | 'columns'> & { id: string | undefined }) =>
      id ? call(savedViewsApi.change, { params: { id }, body: given }) : call(savedViewsApi.save, { body: { list, ...given } }),
    onSuccess: async (view, { id }) => {
      setForm(undefined);
      await told('saved', view.name);
      if (!id) onChange(addressOfView(view));
    },
  });
  const remove = useMutation({
    mutationFn: (view: SavedView) => call(savedViewsApi.remove, { params: { id: view.id } }),
    onSuccess: async (_, view) => {
      await told('removed', view.name);
      const { view: __, ...rest } = filters;
      onChange(rest);
    },
  });
  if (!may('orders.keep-views')) return null;

  const isChanged = open !== undefined && JSON.stringify(sorted(addressOfView(open))) !== JSON.stringify(sorted(filters));
  const lines = (own: boolean) =>
    views
      .filter((view) => view.own === own)
      .map((view) => ({
        key: view.id,
        label: own && !view.shared ? view.name : speak('by', { name: view.name, by: own ? speak('shared') : view.by }),
      }));
  const items: MenuProps['items'] = [
    ...(views.length === 0 ? [{ key: 'none', label: speak('none'), disabled: true }] : []),
    ...(['own', 'shared'] as const).flatMap((group) => {
      const children = lines(group === 'own');
      return children.length > 0 ? [{ key: group, type: 'group' as const, label: speak(group), children }] : [];
    }),
    { type: 'divider' },
    { key: 'usual', label: speak('usual'), disabled: Object.keys(filters).length === 0 },
    { key: 'new', label: speak('saveAs') },
    ...(open?.own
      ? [
          { key: 'update', label: speak('update', { name: open.name }), disabled: !isChanged },
          { key: 'rename', label: speak('rename', { name: open.name }) },
          { key: 'remove', label: speak('remove', { name: open.name }), danger: true },
        ]
      : []),
  ];
  const choose = (key: string) => {
    const view = views.find(({ id }) => id === key);
    if (view) onChange(addressOfView(view));
    else if (key === 'usual') onChange({});
    else if (key === 'new' || key === 'rename') {
      save.reset();
      setForm(key);
    } else if (open && key === 'update') save.mutate({ id: open.id, name: open.name, shared: open.shared, ...shown });
    else if (open && key === 'remove') {
      modal.confirm({
        title: speak('removeTitle', { name: open.name }),
        content: open.shared ? speak('removeShared') : null,
        okText: speak('yes'),
        cancelText: speak('no'),
        okButtonProps: { danger: true },
        onOk: () => remove.mutate(open),
      });
    }
  };
  const pick: MenuProps['onClick'] = ({ key, domEvent }) => {
    // The same Enter would press the first button of the window that opens, which shuts it.
    domEvent.preventDefault();
    choose(key);
  };
  return (
    <>
      <Dropdown trigger={['click']} autoFocus menu={{ items, onClick: pick }}>
        <Button data-testid="views">
          <span className="clip">{open ? open.name : speak('views')}</span>
          {isChanged ? speak('changed') : null}
          <DownOutlined aria-hidden />
        </Button>
      </Dropdown>
      {form ? (
        <ViewForm
          title={speak(form === 'new' ? 'saveTitle' : 'changeTitle')}
          given={form === 'rename' && open ? open : { name: '', shared: false }}
          busy={save.isPending}
          error={save.error}
          onClose={() => setForm(undefined)}
          onSave={(given) =>
            save.mutate(
              form === 'rename' && open
                ? { ...given, id: open.id, search: open.search, columns: open.columns }
                : { ...given, id: undefined, ...shown },
            )
          }
        />
      ) : null}
    </>
  );
}

function sorted(filters: Filters): [string, unknown][] {
  return Object.entries(filters)
    .map(([key, value]): [string, unknown] => [key, String(value)])
    .toSorted(([a], [b]) => a.localeCompare(b));
}
