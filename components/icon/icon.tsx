import { View } from '@tarojs/components';
import './icon.scss';

export type IconName =
  | 'add'
  | 'alert'
  | 'back'
  | 'camera'
  | 'chevron'
  | 'play'
  | 'refresh'
  | 'remove'
  | 'sound-off'
  | 'sound-on';

/** A drawing in the colour of the text around it; what it means, the control around it says. */
export function Icon({ name }: { readonly name: IconName }) {
  return <View className={`iot-icon iot-icon--${name}`} aria-hidden="true" />;
}
