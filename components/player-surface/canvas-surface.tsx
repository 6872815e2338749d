import { useEffect, useRef } from 'react';
import { CanvasPicture } from './canvas-picture';
import { CanvasSink } from './canvas-sink';
import type { PlayerSurfaceProps } from './types';

/** The element that shows a picture stream in a browser: a canvas. */
export function CanvasSurface({
  onSink,
  onPicture,
  label,
  fit = 'contain',
  rotation = 0,
}: PlayerSurfaceProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    if (box.current === null || canvas.current === null) return;
    const sink = new CanvasSink(canvas.current);
    onPicture?.(new CanvasPicture(box.current, canvas.current, sink));
    onSink(sink);
    return () => {
      onSink(null);
      onPicture?.(null);
      sink.close();
    };
  }, [onSink, onPicture]);

  return (
    <div ref={box} className={`iot-surface iot-surface--${fit} iot-surface--turn-${rotation}`}>
      <canvas ref={canvas} className="iot-surface__picture" role="img" aria-label={label} />
    </div>
  );
}
