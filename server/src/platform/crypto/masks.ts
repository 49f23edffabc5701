/** Masks of DOMAIN §4 D1: enough to recognise one's own, too little to misuse. */

/** 张* for two characters, 张** for three, 欧阳** keeps the first character only. */
export function maskName(name: string): string {
  const [first, ...rest] = [...name.trim()];
  return (first ?? '') + '*'.repeat(Math.min(3, Math.max(1, rest.length)));
}

/** 138****5678; a landline keeps its area code and the last four digits. */
export function maskPhone(phone: string): string {
  if (/^1\d{10}$/.test(phone)) return `${phone.slice(0, 3)}****${phone.slice(7)}`;
  const digits = phone.replace(/\D/g, '');
  const area = /^0(10|2\d|[3-9]\d{2})/.exec(digits)?.[0] ?? '';
  return `${area}${area ? '-' : ''}****${digits.slice(-Math.min(4, Math.max(0, digits.length - area.length - 2)))}`;
}

/** 320***********1234 */
export function maskIdentityNumber(text: string): string {
  return `${text.slice(0, 3)}***********${text.slice(-4)}`;
}

/** Everything after the street or district is covered. */
export function maskAddress(text: string): string {
  const kept = /^.{0,20}?(街道|镇|乡|区|县|市)/u.exec(text)?.[0] ?? [...text].slice(0, 3).join('');
  return `${kept}***`;
}
