import { ALERT_LEVELS, type AlertLevel } from '#contracts/operations/alerts.api.ts';

/** What is shown of the alerts, as it stands in the address. */
export interface AlertsSearch {
  readonly show?: 'past';
  readonly level?: AlertLevel;
  readonly rule?: string;
  readonly component?: string;
}

export function alertsFrom(search: Record<string, unknown>): AlertsSearch {
  const { rule, component } = search;
  const level = ALERT_LEVELS.find((one) => one === search['level']);
  return {
    ...(search['show'] === 'past' ? { show: 'past' as const } : {}),
    ...(level ? { level } : {}),
    ...(typeof rule === 'string' && /^[a-z0-9-]{1,60}$/.test(rule) ? { rule } : {}),
    ...((typeof component === 'string' || typeof component === 'number') && component !== ''
      ? { component: String(component).slice(0, 120) }
      : {}),
  };
}

export interface NoiseSearch {
  readonly month?: string;
}

export function noiseFrom(search: Record<string, unknown>): NoiseSearch {
  const { month } = search;
  return typeof month === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? { month } : {};
}
