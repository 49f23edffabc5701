import type { CodeFacts } from './base.codes.ts';

/** Why a file was not taken. Citizens read these, so they say what to do instead. */
export const filesCodes = {
  'files.missing': { kind: 'invalid', text: { zh: '没有收到文件，请重新选择', en: 'No file arrived; please choose it again' } },
  'files.empty': { kind: 'invalid', text: { zh: '文件是空的', en: 'The file is empty' } },
  'files.too-large': {
    kind: 'too-large',
    text: { zh: '文件过大，此类文件最多 {limit} MB', en: 'The file is too large; this kind may have {limit} MB' },
  },
  'files.kind-not-taken': {
    kind: 'unsupported',
    text: {
      zh: '不能接收这种文件。可以上传图片、录音、视频（mp4、mov）、PDF、docx、xlsx、pptx、txt',
      en: 'This kind of file is not taken. Pictures, sound, video (mp4, mov), PDF, docx, xlsx, pptx and txt are',
    },
  },
  'files.old-office': {
    kind: 'unsupported',
    text: {
      zh: '旧版 Office 文件（doc、xls、ppt）可能带宏，不能接收；请另存为 docx、xlsx、pptx 或 PDF 后再上传',
      en: 'Old Office files (doc, xls, ppt) can hide macros and are not taken; please save as docx, xlsx, pptx or PDF',
    },
  },
  'files.heic': {
    kind: 'unsupported',
    text: {
      zh: '暂不支持 HEIC 图片，请在手机相机设置中选择“兼容性最佳”，或存成 JPG 后再上传',
      en: 'HEIC pictures are not taken; please save the picture as JPG',
    },
  },
  'files.name-disagrees': {
    kind: 'unsupported',
    text: {
      zh: '文件名以 .{ending} 结尾，内容却不是这种文件，不能接收',
      en: 'The name ends in .{ending}, but the content is something else; it is not taken',
    },
  },
  'files.unreadable': {
    kind: 'invalid',
    text: { zh: '文件不完整或已损坏，打不开，请重新保存后再上传', en: 'The file is incomplete or damaged; please save it again' },
  },
  'files.active-content': {
    kind: 'unsupported',
    text: {
      zh: '文件中带有宏、脚本或嵌入的程序，不能接收；请去掉后再上传，或改为 PDF、图片',
      en: 'The file holds macros, scripts or embedded programs and is not taken; remove them, or send a PDF or a picture',
    },
  },
  'files.locked': {
    kind: 'unsupported',
    text: {
      zh: '文件加了密码或权限保护，无法检查，请去掉保护后再上传',
      en: 'The file is protected and cannot be checked; please remove the protection',
    },
  },
  'files.appended': {
    kind: 'unsupported',
    text: { zh: '文件后面夹带了别的内容，不能接收', en: 'Something else is hidden behind the file; it is not taken' },
  },
  'files.bomb': {
    kind: 'too-large',
    text: { zh: '文件解开后过大，不能接收', en: 'The file unpacks to far too much; it is not taken' },
  },
  'files.too-many-pixels': {
    kind: 'too-large',
    text: { zh: '图片尺寸过大，最多 {limit} 万像素', en: 'The picture is too large; at most {limit} x 10,000 pixels' },
  },
  'files.infected': {
    kind: 'unsupported',
    text: { zh: '文件未通过病毒检查，不能接收', en: 'The file did not pass the virus check; it is not taken' },
  },
} as const satisfies Record<string, CodeFacts>;
