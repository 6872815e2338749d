import { useId } from 'react';
import type { TextFieldProps } from './types';
import './text-field.scss';

/** A labelled text field. On H5 a native one: label, hint and error are read with it. */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, placeholder, multiline, error, hint } = props;
  const id = useId();
  const note = error ?? hint;
  const shared = {
    id,
    className: 'demo-field__input',
    value,
    placeholder,
    spellCheck: false,
    autoCapitalize: 'off',
    autoComplete: 'off',
    'aria-invalid': error != null,
    'aria-describedby': note === undefined ? undefined : `${id}-note`,
  };
  return (
    <div className={`demo-field ${error != null ? 'demo-field--wrong' : ''}`}>
      <label className="demo-field__label" htmlFor={id}>
        {label}
      </label>
      {multiline ? (
        <textarea {...shared} rows={4} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...shared} type="text" onChange={(event) => onChange(event.target.value)} />
      )}
      {note !== undefined && (
        <div
          className="demo-field__note"
          id={`${id}-note`}
          role={error != null ? 'alert' : undefined}
        >
          {note}
        </div>
      )}
    </div>
  );
}
