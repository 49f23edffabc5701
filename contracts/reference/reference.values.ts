/** The kinds of appeal (诉求类型), DOMAIN §2.2; their names stand in the code list `appeal_type`. */
export const APPEAL_TYPES = ['01', '02', '03', '04', '05', '06', '07', '99'] as const;
