import type { ClipEdgeProps } from './types';

/** An edge of the clip, which keys move: a slider whose value is a time. */
export function ClipEdge({ label, valueS, maxS, valueText, onKey }: ClipEdgeProps) {
  return (
    <span
      className="iot-clip__edge"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={maxS}
      aria-valuenow={valueS}
      aria-valuetext={valueText}
      onKeyDown={(event) => {
        if (onKey(event.key)) event.preventDefault();
      }}
    >
      {valueText}
    </span>
  );
}
