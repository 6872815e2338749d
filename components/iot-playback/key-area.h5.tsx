import type { KeyAreaProps } from './types';

/** An element that takes keys. */
export function KeyArea({ className, role, label, onKey, children }: KeyAreaProps) {
  return (
    <div
      className={className}
      role={role}
      aria-label={label}
      onKeyDown={(event) => {
        if (onKey(event.key)) event.preventDefault();
      }}
    >
      {children}
    </div>
  );
}
