import type { ThemeConfig } from 'antd';
import { theme } from 'antd';

/** The console's look: dense, calm, and the same colours as tokens.css. */
export const officeTheme: ThemeConfig = {
  algorithm: theme.compactAlgorithm,
  cssVar: { key: 'office' },
  token: {
    colorPrimary: '#0f5499',
    colorLink: '#0f5499',
    colorError: '#b3261e',
    colorSuccess: '#1b6b3a',
    colorText: '#1c2530',
    colorTextSecondary: '#4d5966',
    colorTextTertiary: '#66717d',
    colorTextPlaceholder: '#6b7580',
    colorTextDescription: '#5a6672',
    colorBorder: '#c3ccd5',
    colorBgLayout: '#f4f6f8',
    fontSize: 14,
    borderRadius: 6,
    controlHeight: 32,
    motion: false,
    fontFamily: "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', system-ui, sans-serif",
  },
  components: {
    Form: { itemMarginBottom: 14, verticalLabelPadding: '0 0 2px' },
  },
};
