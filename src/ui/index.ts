export { Notice } from './notice';
export type { NoticeProps } from './notice';
export { TextField } from './text-field';
export type { TextFieldProps } from './types';
export { PageLinks } from './page-links';
export { goBack, PageHead } from './page-head';
