import type { Words } from '../base/text.ts';
import type { Backup, BackupFailure, BackupFault, BackupState, Drill, DrillStepName, SiteName } from './backups.api.ts';

/** What page and report call things. */
export const backupStateNames: Readonly<Record<BackupState, Words>> = {
  waiting: { zh: '等待', en: 'Waiting' },
  running: { zh: '进行中', en: 'Running' },
  good: { zh: '完好', en: 'Good' },
  failed: { zh: '失败', en: 'Failed' },
  removed: { zh: '已到期清理', en: 'Removed' },
};

export const drillStateNames: Readonly<Record<Drill['state'], Words>> = {
  waiting: { zh: '等待', en: 'Waiting' },
  running: { zh: '进行中', en: 'Running' },
  proven: { zh: '通过', en: 'Proven' },
  failed: { zh: '未通过', en: 'Failed' },
};

export const keepNames: Readonly<Record<NonNullable<Backup['keepAs']>, Words>> = {
  daily: { zh: '日备份', en: 'Daily' },
  monthly: { zh: '月备份', en: 'Monthly' },
  yearly: { zh: '年备份', en: 'Yearly' },
};

export const siteNames: Readonly<Record<SiteName, Words>> = {
  first: { zh: '第一存储点', en: 'First site' },
  second: { zh: '第二存储点', en: 'Second site' },
};

export const failureNames: Readonly<Record<BackupFailure, Words>> = {
  interrupted: { zh: '进程中断', en: 'Its process died' },
  'no-archive': { zh: '数据库未开启日志归档', en: 'The database does not archive its log' },
  'archive-late': { zh: '日志未按时归档', en: 'The log was not archived in time' },
  'no-backup': { zh: '没有可用的备份', en: 'There is no backup to restore' },
  damaged: { zh: '备份或日志受损', en: 'The backup or the log is damaged' },
  'not-proven': { zh: '恢复结果与应有内容不符', en: 'What was restored is not what it should be' },
  broken: { zh: '执行出错', en: 'It broke' },
};

export const faultNames: Readonly<Record<BackupFault['kind'], Words>> = {
  'manifest-missing': { zh: '清单缺失（备份不完整）', en: 'no manifest: the backup is not whole' },
  'manifest-unreadable': { zh: '清单被改动，或密钥不符', en: 'the manifest was changed, or the key is another' },
  foreign: { zh: '属于另一个数据库集群', en: 'of another cluster' },
  'label-missing': { zh: '缺少备份标签', en: 'the backup label is missing' },
  'pack-missing': { zh: '数据包缺失', en: 'a pack is missing' },
  'pack-size': { zh: '数据包大小不符', en: 'a pack has another size' },
  'pack-changed': { zh: '数据包摘要不符', en: 'a pack was changed' },
  'pack-unreadable': { zh: '数据包无法解密', en: 'a pack does not open' },
  'file-changed': { zh: '文件摘要不符', en: 'a file was changed' },
  'segment-missing': { zh: '日志段缺失', en: 'a segment of the log is missing' },
  'segment-unreadable': { zh: '日志段被改动或无法解密', en: 'a segment of the log was changed or does not open' },
  'segment-foreign': { zh: '日志段属于另一个集群', en: 'a segment of the log is of another cluster' },
};

/** A step, and what is meant by it. */
export const stepNames: Readonly<Record<DrillStepName, Words & { readonly means: Words }>> = {
  choose: {
    zh: '选定备份',
    en: 'Choose the backup',
    means: { zh: '目标时刻之前最近的完好备份，核对清单摘要', en: 'the newest good one before the target; its manifest is checked' },
  },
  archive: {
    zh: '归档到目标时刻',
    en: 'Archive up to the target',
    means: { zh: '切换日志段并等待归档', en: 'turns to the next segment and waits until it is archived' },
  },
  verify: {
    zh: '预检日志',
    en: 'Check the log',
    means: { zh: '备份所需日志段齐全、可解密', en: 'the segments the backup needs are there and open' },
  },
  fetch: {
    zh: '取回备份',
    en: 'Fetch the backup',
    means: { zh: '逐包、逐文件核对 SM3 摘要后写入隔离目录', en: 'every pack and file is checked by its SM3 on the way' },
  },
  recover: {
    zh: '前滚到目标时刻',
    en: 'Recover to the target',
    means: { zh: '隔离实例按归档日志前滚', en: 'a scratch instance rolls forward by the archived log' },
  },
  migrations: {
    zh: '核对结构版本',
    en: 'Compare migrations',
    means: { zh: '数据库结构版本与备份一致', en: 'the schema is the one that was backed up' },
  },
  counts: {
    zh: '核对行数',
    en: 'Compare counts',
    means: { zh: '只增表行数介于备份时与现在之间', en: 'what only grows lies between then and now' },
  },
  digests: {
    zh: '核对摘要',
    en: 'Compare digests',
    means: {
      zh: '事件、留痕、诉求逐行摘要与运行库一致',
      en: 'events, audit entries and appeals are those of the running platform, row by row',
    },
  },
  chain: { zh: '校验审计链', en: 'Verify the audit chain', means: { zh: 'SM3 审计链从头重算', en: 'the SM3 chain is computed anew' } },
  order: {
    zh: '业务查询',
    en: 'Ask for an order',
    means: { zh: '打开最近办理的工单及其经过', en: 'the order that was last acted on opens with its timeline' },
  },
  structure: {
    zh: '检查表与索引结构',
    en: 'Check tables and indexes',
    means: { zh: '逐表逐索引 amcheck', en: 'amcheck over every table and index' },
  },
  remove: {
    zh: '清理隔离实例',
    en: 'Clear away',
    means: { zh: '停止隔离实例并删除其文件', en: 'the scratch instance is stopped and its files removed' },
  },
};

/** What the figures of a step are called. */
export const figureNames: Readonly<Record<string, Words>> = {
  files: { zh: '文件', en: 'files' },
  bytes: { zh: '字节', en: 'bytes' },
  packs: { zh: '数据包', en: 'packs' },
  from: { zh: '起始日志段', en: 'from segment' },
  to: { zh: '终止日志段', en: 'to segment' },
  segments: { zh: '日志段', en: 'segments' },
  seconds: { zh: '秒', en: 'seconds' },
  lastCommitAt: { zh: '最后提交', en: 'last commit' },
  migrations: { zh: '迁移', en: 'migrations' },
  last: { zh: '最新', en: 'last' },
  tables: { zh: '表', en: 'tables' },
  rows: { zh: '行', en: 'rows' },
  entries: { zh: '留痕', en: 'entries' },
  unsealed: { zh: '未入链', en: 'not sealed yet' },
  number: { zh: '工单编号', en: 'order' },
  events: { zh: '经过', en: 'events' },
  indexes: { zh: '索引', en: 'indexes' },
  skipped: { zh: '未安装', en: 'not installed' },
  'platform.event': { zh: '事件', en: 'events' },
  'platform.audit_entry': { zh: '留痕', en: 'audit entries' },
  'appeals.appeal': { zh: '诉求', en: 'appeals' },
};
