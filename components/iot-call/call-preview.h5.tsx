import { useText } from '@components/hooks';
import { observer } from 'mobx-react-lite';
import { useEffect, useRef } from 'react';
import type { BrowserCallMedia } from './browser-call-media';
import type { CallPreviewProps } from './call-media';

/** How one looks oneself, as in a mirror. */
export const CallPreview = observer(function CallPreview({ media, isOpen }: CallPreviewProps) {
  const text = useText();
  const video = useRef<HTMLVideoElement>(null);
  const { stream } = (media as BrowserCallMedia).camera;
  const isShown = isOpen && stream !== null;
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream, isShown]);
  if (!isShown) return null;
  return (
    <video
      ref={video}
      className="iot-call__preview"
      aria-label={text('call.preview')}
      autoPlay
      muted
      playsInline
    />
  );
});
