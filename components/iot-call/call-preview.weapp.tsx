import { TalkPusherSurface } from '@components/iot-talk';
import type { CallPreviewProps } from './call-media';
import type { PusherCallMedia } from './use-call-media.weapp';

/** The pusher's place, which shows how one looks oneself while the phone's camera is on. */
export function CallPreview({ media }: CallPreviewProps) {
  const { pusher } = media as PusherCallMedia;
  return <TalkPusherSurface pusher={pusher} className="iot-call__preview" />;
}
