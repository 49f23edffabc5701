import { ORDER_COLUMNS, USUAL_COLUMNS, type OrderColumn } from '#contracts/orders/saved-views.api.ts';
import { useWords } from '#ui/text.ts';
import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { Button, Checkbox, Modal } from 'antd';
import { useState } from 'react';
import { columnText } from '../../../parts/order-columns.tsx';
import { viewsText } from './views.text.ts';

/** Which columns a list shows, and in which order; the chosen ones stand first. */
export function ColumnsButton({
  columns,
  onChange,
}: {
  columns: readonly OrderColumn[];
  onChange: (columns: readonly OrderColumn[]) => void;
}) {
  const speak = useWords(viewsText);
  const nameOf = useWords(columnText);
  const [chosen, setChosen] = useState<readonly OrderColumn[]>();
  const shown = chosen ?? columns;
  const move = (from: number, to: number) => {
    const next = [...shown];
    next.splice(to, 0, ...next.splice(from, 1));
    setChosen(next);
  };
  const toggle = (column: OrderColumn) => setChosen(shown.includes(column) ? shown.filter((each) => each !== column) : [...shown, column]);
  return (
    <>
      <Button onClick={() => setChosen(columns)}>{speak('columns')}</Button>
      <Modal
        open={chosen !== undefined}
        title={speak('columnsTitle')}
        okText={speak('use')}
        cancelText={speak('no')}
        okButtonProps={{ disabled: shown.length === 0, title: shown.length === 0 ? speak('keepOne') : undefined }}
        onOk={() => {
          onChange(shown);
          setChosen(undefined);
        }}
        onCancel={() => setChosen(undefined)}
        width={420}
        footer={(buttons) => (
          <>
            <Button type="link" onClick={() => setChosen(USUAL_COLUMNS)}>
              {speak('usual')}
            </Button>
            {buttons}
          </>
        )}
      >
        <ul className="columns">
          {[...shown, ...ORDER_COLUMNS.filter((column) => !shown.includes(column))].map((column) => {
            const at = shown.indexOf(column);
            const name = nameOf(column);
            return (
              <li key={column}>
                <Checkbox checked={at >= 0} onChange={() => toggle(column)}>
                  {name}
                </Checkbox>
                {at >= 0 ? (
                  <>
                    <Button
                      type="text"
                      icon={<ArrowUpOutlined />}
                      aria-label={speak('up', { name })}
                      disabled={at === 0}
                      onClick={() => move(at, at - 1)}
                    />
                    <Button
                      type="text"
                      icon={<ArrowDownOutlined />}
                      aria-label={speak('down', { name })}
                      disabled={at === shown.length - 1}
                      onClick={() => move(at, at + 1)}
                    />
                  </>
                ) : null}
              </li>
            );
          })}
        </ul>
      </Modal>
    </>
  );
}
