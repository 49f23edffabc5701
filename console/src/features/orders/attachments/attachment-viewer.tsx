import type { Attachment } from '#contracts/appeals/attachments.api.ts';
import { attachmentsApi } from '#contracts/appeals/attachments.api.ts';
import { addressOf, call } from '#ui/api/client.ts';
import { ProblemAlert } from '#ui/components/problem-alert.tsx';
import { bytesText, instantText, numberText } from '#ui/format.ts';
import { useMay, useMe } from '#ui/office/session.ts';
import { useWords } from '#ui/text.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal, Watermark } from 'antd';
import { useEffect, useState } from 'react';
import { attachmentsText } from './attachments.text.ts';

const STEP = 1.25;
const [SMALLEST, LARGEST] = [1, 6];

export interface AttachmentViewerProps {
  readonly files: readonly Attachment[];
  readonly first: string;
  readonly number: string;
  readonly onClose: () => void;
}

/** One attachment large, with its neighbours by arrow keys; + - 0 r for the size and the turn of a picture. */
export function AttachmentViewer({ files, first, number, onClose }: AttachmentViewerProps) {
  const speak = useWords(attachmentsText);
  const me = useMe();
  const [place, setPlace] = useState(() =>
    Math.max(
      0,
      files.findIndex(({ id }) => id === first),
    ),
  );
  const [zoom, setZoom] = useState(1);
  const [turn, setTurn] = useState(0);
  const [openedAt] = useState(() => new Date().toISOString());
  const file = files[place];
  const isPicture = file?.kind === 'picture';

  const go = (to: number) => {
    if (!files[to]) return;
    setPlace(to);
    setZoom(1);
    setTurn(0);
  };
  const size = (by: number) => setZoom((before) => Math.min(LARGEST, Math.max(SMALLEST, before * by)));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(place - 1),
    ArrowRight: () => go(place + 1),
    '+': () => size(STEP),
    '=': () => size(STEP),
    '-': () => size(1 / STEP),
    '0': () => setZoom(1),
    r: () => setTurn((before) => before + 90),
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
      // Sound and film have arrow keys of their own.
      if (!act || event.target instanceof HTMLMediaElement) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    // Before the page's own keys: a digit opens an action there.
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  });

  if (!file) return null;
  const address = addressOf(attachmentsApi.content, { id: file.id });
  return (
    <Modal
      open
      centered
      footer={null}
      width="min(1200px, 96vw)"
      title={file.name}
      onCancel={onClose}
      className="viewer"
      data-testid="viewer"
    >
      <div className="viewer__tools">
        <Button size="small" disabled={place === 0} onClick={() => go(place - 1)} aria-keyshortcuts="ArrowLeft">
          {speak('previous')} <kbd aria-hidden="true">←</kbd>
        </Button>
        <span className="ms-number">
          {place + 1} / {files.length}
        </span>
        <Button size="small" disabled={place === files.length - 1} onClick={() => go(place + 1)} aria-keyshortcuts="ArrowRight">
          {speak('next')} <kbd aria-hidden="true">→</kbd>
        </Button>
        {isPicture ? (
          <>
            <Button size="small" disabled={zoom <= SMALLEST} onClick={() => size(1 / STEP)} aria-keyshortcuts="-">
              {speak('smaller')} <kbd aria-hidden="true">-</kbd>
            </Button>
            <Button size="small" disabled={zoom >= LARGEST} onClick={() => size(STEP)} aria-keyshortcuts="+">
              {speak('larger')} <kbd aria-hidden="true">+</kbd>
            </Button>
            <Button size="small" onClick={() => setZoom(1)} aria-keyshortcuts="0">
              {speak('fit')} <kbd aria-hidden="true">0</kbd>
            </Button>
            <Button size="small" onClick={() => setTurn(turn + 90)} aria-keyshortcuts="r">
              {speak('rotate')} <kbd aria-hidden="true">r</kbd>
            </Button>
          </>
        ) : null}
        <Button size="small" href={addressOf(attachmentsApi.content, { id: file.id }, { download: true })} download={file.name}>
          {speak('download')}
        </Button>
        <MarkButton file={file} />
      </div>
      <Watermark
        content={[`${me.name} ${me.login}`, instantText(openedAt), number]}
        gap={[60, 60]}
        font={{ color: 'rgba(90, 100, 110, 0.22)', fontSize: 13 }}
      >
        <div className="viewer__stage" role="group" aria-label={file.name}>
          <Shown key={file.id} file={file} address={address} zoom={zoom} turn={turn} />
        </div>
      </Watermark>
      <Facts file={file} number={number} />
    </Modal>
  );
}

function Shown({ file, address, zoom, turn }: { file: Attachment; address: string; zoom: number; turn: number }) {
  const speak = useWords(attachmentsText);
  const [failed, setFailed] = useState(false);
  if (failed) return <p className="viewer__words">{speak('failed')}</p>;
  switch (file.kind) {
    case 'picture': {
      const across = turn % 180 === 0;
      const [width, height] = [`${zoom * 100}cqw`, `${zoom * 100}cqh`];
      return (
        <div className="viewer__paper" style={{ width, height }}>
          <img
            src={address}
            alt={file.name}
            onError={() => setFailed(true)}
            style={{
              width: across ? width : height,
              height: across ? height : width,
              transform: `translate(-50%, -50%) rotate(${turn}deg)`,
            }}
          />
        </div>
      );
    }
    case 'audio':
      // eslint-disable-next-line jsx-a11y/media-has-caption -- a recording that a citizen handed in has no captions
      return <audio className="viewer__sound" controls src={address} onError={() => setFailed(true)} />;
    case 'video':
      // eslint-disable-next-line jsx-a11y/media-has-caption -- a film that a citizen handed in has no captions
      return <video className="viewer__film" controls src={address} onError={() => setFailed(true)} />;
    case 'document':
    default:
      return <p className="viewer__words">{speak('document')}</p>;
  }
}

function MarkButton({ file }: { file: Attachment }) {
  const speak = useWords(attachmentsText);
  const may = useMay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const mark = useMutation({
    mutationFn: (identifying: boolean) => call(attachmentsApi.mark, { params: { id: file.id }, body: { identifying } }),
    onSuccess: async ({ identifying }) => {
      await queries.invalidateQueries({ queryKey: ['attachments'] });
      void message.success(speak(identifying ? 'marked' : 'unmarked'));
    },
  });
  // What a unit handed in with its reply shows nobody of the citizens.
  if (!may('appeals.mark-identifying') || file.replyNo !== null) return null;
  return (
    <>
      <Button size="small" loading={mark.isPending} title={speak('markNote')} onClick={() => mark.mutate(!file.identifying)}>
        {speak(file.identifying ? 'unmark' : 'mark')}
      </Button>
      <ProblemAlert error={mark.error} />
    </>
  );
}

function Facts({ file, number }: { file: Attachment; number: string }) {
  const speak = useWords(attachmentsText);
  const facts: readonly (readonly [keyof typeof attachmentsText, string | null])[] = [
    ['by', `${file.by} · ${instantText(file.at)} · ${numberText(number)}`],
    ['takenAt', file.takenAt?.replace('T', ' ') ?? null],
    ['place', file.place ? `${file.place.lng}, ${file.place.lat}` : null],
    ['size', bytesText(file.bytes)],
    ['scanned', speak(file.scanned ? 'scannedYes' : 'scannedNo')],
    ['sm3', file.sm3],
  ];
  return (
    <>
      <dl className="facts facts--two viewer__facts">
        {facts
          .filter(([, value]) => value)
          .map(([key, value]) => (
            <div key={key}>
              <dt>{speak(key)}</dt>
              <dd className="ms-number">{value}</dd>
            </div>
          ))}
      </dl>
      <p className="quiet">{speak('onRecord')}</p>
    </>
  );
}
