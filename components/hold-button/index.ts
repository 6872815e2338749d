export { HoldButton } from './hold-button';
export type { HoldButtonProps } from './types';
export { usePageHide } from './use-page-hide';
export { usePageLeave } from './use-page-leave';
