import { Type, type Static } from 'typebox';
import { route } from '../base/route.ts';
import { Bytes, IdText, NumberText, OrNull } from '../base/text.ts';

/** An order as it stands on paper, in Chinese: the same for the printed page and for Word. */
export const OrderSheet = Type.Object({
  heading: Type.String(),
  number: NumberText,
  facts: Type.Array(Type.Object({ label: Type.String(), value: Type.String() }), { description: 'Two to a row' }),
  sections: Type.Array(Type.Object({ title: Type.String(), paragraphs: Type.Array(Type.String()) })),
  record: Type.Array(Type.Object({ at: Type.String(), what: Type.String(), who: Type.String(), note: OrNull(Type.String()) })),
  signatures: Type.Array(Type.String()),
  mark: Type.String({ description: 'Who took it, and when' }),
});
export type OrderSheet = Static<typeof OrderSheet>;

const params = Type.Object({ id: IdText });

export const sheetApi = {
  sheet: route({
    method: 'GET',
    path: '/api/orders/:id/sheet',
    tag: 'orders',
    access: 'orders.see',
    summary: { zh: '打印工单（留痕）', en: 'An order for printing (on record)' },
    params,
    reply: OrderSheet,
  }),
  document: route({
    method: 'GET',
    path: '/api/orders/:id/document',
    tag: 'orders',
    access: 'orders.see',
    load: 'heavy',
    summary: { zh: '导出工单 Word 文档（留痕）', en: 'An order as a Word document (on record)' },
    params,
    reply: Bytes,
  }),
} as const;
