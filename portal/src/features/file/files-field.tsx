import { FilePicker } from '#ui/components/file-picker.tsx';
import { useWords } from '#ui/text.ts';
import { useUploads } from '#ui/uploads.ts';
import { FieldGroup } from '../../parts/field.tsx';
import { fileText } from './file.text.ts';
import type { PartProps } from './place-fields.tsx';

export function FilesField({ draft, change, faults }: PartProps) {
  const speak = useWords(fileText);
  const uploads = useUploads('portal', draft.files, (files) => change({ files }));
  return (
    <FieldGroup id="files" label={speak('files')} optional={speak('optional')} hint={speak('filesHint')} error={faults.files}>
      <FilePicker id="files-input" uploads={uploads} camera buttonClass="button" />
    </FieldGroup>
  );
}
