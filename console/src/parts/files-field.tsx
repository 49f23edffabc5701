import type { Uploaded } from '#contracts/appeals/attachments.api.ts';
import { FilePicker } from '#ui/components/file-picker.tsx';
import { stillThere, useUploads } from '#ui/uploads.ts';
import { useState } from 'react';

export interface FilesFieldProps {
  readonly id?: string;
  readonly value?: readonly Uploaded[];
  readonly onChange?: (files: readonly Uploaded[]) => void;
}

/** Files as a field of a form: its value is what was uploaded and can still be attached. */
export function FilesField({ id = 'files', value = [], onChange }: FilesFieldProps) {
  // As of when the form was opened: what was typed yesterday may be found here again.
  const [openedAt] = useState(() => Date.now());
  const uploads = useUploads('office', stillThere(value, openedAt), (files) => onChange?.(files));
  return <FilePicker id={id} uploads={uploads} />;
}

/** The tickets of a field's value, as requests take them. */
export function ticketsOf(files: readonly Uploaded[] | undefined): { attachments?: string[] } {
  return files && files.length > 0 ? { attachments: files.map(({ ticket }) => ticket) } : {};
}
