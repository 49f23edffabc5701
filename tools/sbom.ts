// Writes the bill of materials of this build (CycloneDX 1.6) to the file named, by default sbom.cdx.json.
import { writeFileSync } from 'node:fs';
import { ownSbom } from '#server/modules/operations/software/own-build.ts';

const [file = 'sbom.cdx.json'] = process.argv.slice(2);
const sbom = await ownSbom(new Date());
writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
console.log(
  `${file}: ${sbom.components.length} components, ${sbom.components.filter(({ scope }) => scope === 'required').length} of them to run`,
);
