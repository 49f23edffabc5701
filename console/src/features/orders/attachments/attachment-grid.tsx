import type { Attachment } from '#contracts/appeals/attachments.api.ts';
import { attachmentsApi } from '#contracts/appeals/attachments.api.ts';
import { addressOf } from '#ui/api/client.ts';
import { FileIcon } from '#ui/components/file-icon.tsx';
import { bytesText } from '#ui/format.ts';
import { useWords } from '#ui/text.ts';
import { useState } from 'react';
import { attachmentsText } from './attachments.text.ts';
import { AttachmentViewer } from './attachment-viewer.tsx';

/** Small pictures in a row; a click opens the viewer at that one. */
export function AttachmentGrid({ files, number }: { files: readonly Attachment[]; number: string }) {
  const speak = useWords(attachmentsText);
  const [open, setOpen] = useState<string>();
  if (files.length === 0) return null;
  return (
    <>
      <ul className="attachments">
        {files.map((file) => (
          <li key={file.id}>
            <button type="button" className="attachment" title={file.name} onClick={() => setOpen(file.id)}>
              <span className="attachment__picture">
                {file.thumbnail ? (
                  <img src={addressOf(attachmentsApi.thumbnail, { id: file.id })} alt="" loading="lazy" />
                ) : (
                  <FileIcon name={file.name} kind={file.kind} />
                )}
              </span>
              <span className="attachment__name">{file.name}</span>
              <span className="under">{bytesText(file.bytes)}</span>
            </button>
            {file.identifying ? <span className="ms-tag ms-tag--danger attachment__tag">{speak('identifying')}</span> : null}
          </li>
        ))}
      </ul>
      {open ? <AttachmentViewer files={files} first={open} number={number} onClose={() => setOpen(undefined)} /> : null}
    </>
  );
}
