import type { CodeFacts } from '../base/base.codes.ts';

export const draftsCodes = {
  'drafts.overtaken': {
    kind: 'conflict',
    text: { zh: '这份草稿在别的窗口改过，或已提交、丢弃', en: 'This draft was changed, sent or discarded in another window' },
  },
  'drafts.not-yours': {
    kind: 'conflict',
    text: { zh: '这些内容是另一位用户输入的，没有保存', en: 'These words are of another person and were not saved' },
  },
  'drafts.too-large': { kind: 'too-large', text: { zh: '内容太多，草稿存不下', en: 'This is more than a draft holds' } },
  'drafts.too-many': {
    kind: 'limited',
    text: { zh: '草稿已有 {count} 份，请先提交或丢弃一些', en: 'There are {count} drafts already; send or discard some first' },
  },
} as const satisfies Record<string, CodeFacts>;
