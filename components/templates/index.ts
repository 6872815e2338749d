export { MonitorTemplate } from './monitor-template';
export type { MonitorTemplateProps } from './monitor-template';
