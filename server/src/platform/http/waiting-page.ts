/**
 * What a new visitor sees while the platform is full: plain, in both languages, without a script or a second request. It
 * comes back by itself. It promises no place in a line, because there is none: who comes first after the rush is let in.
 */
export function waitingPage(seconds: number): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${seconds}">
<meta name="robots" content="noindex">
<title>请稍候 · 民声 12345</title>
<style>
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f4f6f8;color:#1c2530;
font:16px/1.7 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',system-ui,sans-serif}
main{max-width:34rem;margin:1.5rem;padding:2rem;border-top:4px solid #0f5499;border-radius:8px;background:#fff}
h1{margin:0 0 .5rem;font-size:1.4rem}p{margin:.5rem 0}
.en{margin-top:1.5rem;padding-top:1rem;border-top:1px solid #dfe4e9;color:#4d5966;font-size:.95rem}
strong{font-variant-numeric:tabular-nums}
</style>
</head>
<body>
<main>
<h1>访问的人较多，请稍候</h1>
<p>为保证已经在填写和办理的诉求顺利提交，新的访问需要稍等片刻。</p>
<p>本页会在 <strong>${seconds}</strong> 秒后自动重新进入，请不要反复刷新。事情紧急时请直接拨打 <strong>12345</strong>；遇到危险请拨打 110、119 或 120。</p>
<div class="en" lang="en">
<p>Many people are here just now. So that those who are already filing can finish, new visitors wait a moment.</p>
<p>This page tries again by itself in <strong>${seconds}</strong> seconds; there is no need to reload it. In urgent matters call <strong>12345</strong>, in danger 110, 119 or 120.</p>
</div>
</main>
</body>
</html>
`;
}
