import { View } from '@tarojs/components';
import './icon.scss';

export type IconName =
  | 'add'
  | 'alert'
  | 'back'
  | 'calendar'
  | 'call'
  | 'camera'
  | 'check'
  | 'chevron'
  | 'clip'
  | 'copy'
  | 'download'
  | 'ear'
  | 'fill'
  | 'fit'
  | 'fullscreen'
  | 'fullscreen-exit'
  | 'hang-up'
  | 'home'
  | 'microphone'
  | 'microphone-off'
  | 'minus'
  | 'more'
  | 'pause'
  | 'pip'
  | 'next'
  | 'play'
  | 'record'
  | 'refresh'
  | 'remove'
  | 'rotate'
  | 'snapshot'
  | 'sound-off'
  | 'sound-on'
  | 'stop';

/** A drawing in the colour of the text around it; what it means, the control around it says. */
export function Icon({ name }: { readonly name: IconName }) {
  return <View className={`iot-icon iot-icon--${name}`} aria-hidden="true" />;
}
