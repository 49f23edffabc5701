import { purlText } from './purl.rules.ts';
import type { Component } from './sbom.rules.ts';

/** The installed packages of `/var/lib/dpkg/status`, with the source each was built from. */
export function componentsOfDpkg(status: string, os: string): Component[] {
  const release = /^VERSION_ID="?([\w.]+)"?$/m.exec(os)?.[1] ?? '';
  const distribution = /^ID="?(\w+)"?$/m.exec(os)?.[1] === 'ubuntu' ? 'ubuntu' : 'debian';
  return status.split(/\n\n+/).flatMap((paragraph): Component[] => {
    const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(paragraph)?.[1]?.trim() ?? '';
    const [name, version] = [field('Package'), field('Version')];
    if (!name || !version || !field('Status').endsWith(' installed')) return [];
    const source = /^(\S+)(?: \((.+)\))?$/.exec(field('Source'));
    const qualifiers = {
      arch: field('Architecture'),
      distro: release ? `${distribution}-${release}` : '',
      upstream: source ? `${source[1]}${source[2] ? `@${source[2]}` : ''}` : '',
    };
    const purl = purlText({ type: 'deb', namespace: distribution, name, version, qualifiers });
    return [{ purl, name, version, licences: [], hash: null, development: false }];
  });
}
