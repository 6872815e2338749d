export { Pressable } from './pressable';
export type { PressableProps } from './types';
