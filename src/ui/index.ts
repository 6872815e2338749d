export { Notice } from './notice';
export type { NoticeProps } from './notice';
export { TextField } from './text-field';
export type { TextFieldProps } from './types';
