/** Masks of DOMAIN §4 D1: enough to recognise one's own, too little to misuse. */

/** 张* for two characters, 张** for three, 欧阳** keeps the first character only. */
export function maskName(name: string): string {
  const [first, ...rest] = [...name.trim()];
  return (first ?? '') + '*'.repeat(Math.min(3, Math.max(1, rest.length)));
}

/** 138****5678; a landline keeps its area code and the last four digits. At least two digits of its own are covered. */
export function maskPhone(phone: string): string {
  if (/^1\d{10}$/.test(phone)) return `${phone.slice(0, 3)}****${phone.slice(7)}`;
  const digits = phone.replace(/\D/g, '');
  const area = /^0(10|2\d|[3-9]\d{2})/.exec(digits)?.[0] ?? '';
  const shown = Math.min(4, Math.max(0, digits.length - area.length - 2));
  return `${area}${area ? '-' : ''}****${digits.slice(digits.length - shown)}`;
}

/** 320***********1234; what is too short to be such a number is covered whole. */
export function maskIdentityNumber(text: string): string {
  return text.length < 15 ? '***********' : `${text.slice(0, 3)}***********${text.slice(-4)}`;
}

// Province, city and district, then street or town. Names end before the first road or number, and 小区, 社区, 超市 and
// their like are no districts: they say where somebody lives.
const DISTRICT = '[^\\d\\s路街巷弄号幢]{1,8}?(?:(?<![城超门夜])市(?!场|中心|政府|民)|县(?!城|府|政)|(?<![小社校厂宅活院景库营])区)';
const TOWN = '[^\\d\\s号幢]{1,6}?(?:街道|镇(?!江)|(?<!城)乡)';
const PLACE = new RegExp(`^(?:[^\\d\\s]{2,3}省)?(?:${DISTRICT}){0,2}(?:${TOWN})?`, 'u');

/** Everything after the district or street is covered; where there is none, everything after the first character. */
export function maskAddress(text: string): string {
  const characters = [...text.trim()];
  const place = PLACE.exec(text.trim())?.[0];
  return `${place || (characters.length > 1 ? characters[0] : '')}***`;
}
