// Plants defects in real databases and tells how many of them the inspection finds, by which check, and what else it flags.
import { defects, huntAll, openServers } from '#server/modules/operations/inspections/defects.testing.ts';
import { report, round } from './support/figures.ts';

const LIMITS = { foundShare: 1, falseOnes: 0, seconds: 240 };

const began = performance.now();
const servers = await openServers();
try {
  const { clean, hunts } = await huntAll(...servers);
  const seconds = round((performance.now() - began) / 1000, 1);
  const lines = defects.map((defect) => ({ defect, told: hunts.get(defect.name)! }));
  for (const { defect, told } of lines) {
    const found = told.isFound ? (told.namesCulprit ? 'found' : 'found, culprit not named') : 'NOT FOUND';
    const others = [...told.brought.map((one) => `${one} (comes with it)`), ...told.others.map((one) => `${one} FALSE`)].join(', ') || '-';
    console.log(
      `${defect.name.padEnd(36)} ${found.padEnd(24)} ${defect.check.padEnd(26)} also: ${others}${defect.lowered ? ' (threshold lowered)' : ''}`,
    );
  }
  console.log(`A database without a defect: ${clean.length > 0 ? clean.join(', ') : 'nothing flagged'}`);
  const found = lines.filter(({ told }) => told.isFound && told.namesCulprit).length;
  const falseOnes = clean.length + lines.reduce((sum, { told }) => sum + told.others.length + told.before.length, 0);
  const figures = {
    seeded: defects.length,
    found,
    falseOnes,
    lowered: defects.filter((defect) => defect.lowered).length,
    checks: new Set(defects.map((defect) => defect.check)).size,
    seconds,
  };
  report('inspect', figures, LIMITS, { found: round(found / defects.length, 3), seconds: round(seconds / LIMITS.seconds, 3) });
} finally {
  for (const server of servers) await server.close();
}
