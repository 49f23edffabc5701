import { ANY_TYPE, changesOf, lineKey, type NormContent, type NormLine, type NormPart } from '#contracts/reference/norm.content.ts';
import { DataTable } from '#ui/office/data-table.tsx';
import { useWords } from '#ui/text.ts';
import { Button, Form, Select } from 'antd';
import { useState } from 'react';
import { Panel } from '../../parts/page.tsx';
import { lineOf, LineFields, valuesOf, type LineValues } from './norm-line-fields.tsx';
import { useNormWords } from './norm-words.tsx';
import { useNames } from '#ui/office/dictionary.ts';
import { normsText } from './norms.text.ts';

/** What the form of a part begins with. */
const STARTS: Readonly<Record<NormPart, LineValues>> = {
  limits: { appealType: '02', urgency: 3, clock: 'handle', mode: 'workday' },
  fields: { appealType: ANY_TYPE },
  categories: { inUse: true },
  replies: { appealType: ANY_TYPE },
  phrases: {},
};

/** One part of a draft: its lines, those that this draft changes marked, and a form that sets a line. */
export function NormLines(props: {
  part: NormPart;
  content: NormContent;
  base: NormContent;
  source: string;
  onSet: (line: NormLine) => void;
  onDrop: (key: string) => void;
}) {
  const { part, content, base } = props;
  const keyOf = (line: NormLine) => lineKey<NormPart>(part, line);
  const speak = useWords(normsText);
  const words = useNormWords();
  const names = useNames();
  const [form] = Form.useForm<LineValues>();
  const [type, setType] = useState('02');
  const changed = new Set(changesOf(part, base, content).map((change) => change.key));
  const all = content[part] as readonly NormLine[];
  // Nearly two hundred limits are shown type by type; what changes is shown whatever its type.
  const isLong = part === 'limits' && all.length > 50;
  const rows = all
    .toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)))
    .filter((line) => !isLong || changed.has(keyOf(line)) || ('appealType' in line && line.appealType === type));
  return (
    <Panel
      title={speak(part)}
      extra={
        isLong ? (
          <Select
            aria-label={speak('type')}
            className="norm__filter"
            options={names.codes('appeal_type')}
            value={type}
            onChange={setType}
          />
        ) : null
      }
    >
      <Form<LineValues>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={STARTS[part]}
        onFinish={(values) => {
          props.onSet(lineOf(part, values, props.source || speak('none')));
          form.resetFields();
        }}
        className="norm__form"
        aria-label={speak(part)}
      >
        <LineFields part={part} />
        <Form.Item label=" ">
          <Button htmlType="submit">{speak('set')}</Button>
        </Form.Item>
      </Form>
      <div className="norm__lines">
        <DataTable<NormLine>
          caption={speak(part)}
          rows={rows}
          rowKey={(line) => keyOf(line)}
          empty={speak('noLines')}
          tone={(line) => (changed.has(keyOf(line)) ? 'yellow' : undefined)}
          columns={[
            { key: 'line', title: speak('line'), wide: true, cell: (line) => words.about(part, line) },
            { key: 'says', title: speak('says'), cell: (line) => words.says(part, line) },
            { key: 'source', title: speak('source'), minor: true, cell: (line) => <span className="clip">{line.source}</span> },
            {
              key: 'do',
              title: '',
              cell: (line) => (
                <span className="buttons buttons--tight">
                  <Button size="small" onClick={() => form.setFieldsValue(valuesOf(line))}>
                    {speak('edit')}
                  </Button>
                  <Button size="small" onClick={() => props.onDrop(keyOf(line))}>
                    {speak('drop')}
                  </Button>
                </span>
              ),
            },
          ]}
        />
      </div>
    </Panel>
  );
}
