import { StreamTap } from '@services/recorder';
import { useEffect, useRef } from 'react';
import { CanvasSurface } from './canvas-surface';
import { DomPicture } from './dom-picture';
import { loadMpegts } from './load-mpegts';
import { MseSink } from './mse-sink';
import type { PlayerSurfaceProps } from './types';
import './player-surface.scss';

/** What old Chinese browser kernels want before they leave a video in its place. */
const IN_PLACE = { 'webkit-playsinline': 'true', 'x5-video-player-type': 'h5-page' };

/** The place of the picture. */
export function PlayerSurface({ kind = 'video', ...props }: PlayerSurfaceProps) {
  return kind === 'pictures' ? <CanvasSurface {...props} /> : <VideoSurface {...props} />;
}

/** The element that shows video: `<video>`, and the last picture while it is empty. */
function VideoSurface({
  onSink,
  onPicture,
  label,
  fit = 'contain',
  rotation = 0,
}: PlayerSurfaceProps) {
  const box = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    if (box.current === null || video.current === null || canvas.current === null) return;
    const tap = new StreamTap();
    const sink = new MseSink(video.current, canvas.current, tap);
    onPicture?.(new DomPicture(box.current, video.current, canvas.current, tap));
    onSink(sink);
    return () => {
      onSink(null);
      onPicture?.(null);
      sink.close();
    };
  }, [onSink, onPicture]);

  return (
    <div ref={box} className={`iot-surface iot-surface--${fit} iot-surface--turn-${rotation}`}>
      <video
        ref={video}
        className="iot-surface__picture"
        aria-label={label}
        playsInline
        {...IN_PLACE}
      />
      <canvas ref={canvas} className="iot-surface__picture" aria-hidden="true" hidden />
    </div>
  );
}

/** Fetches the player's code ahead of the first player, e.g. when a list of cameras is shown. */
export function preloadPlayerSurface(): void {
  // A failure shows, and is retried, where a player needs it.
  loadMpegts().catch(() => {});
}
