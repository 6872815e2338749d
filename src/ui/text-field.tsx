import { Input, Text, Textarea, View } from '@tarojs/components';
import type { TextFieldProps } from './types';
import './text-field.scss';

/** Longer than any xp2pInfo; mini-programs cut at 140 otherwise. */
const MAX_LENGTH = 1024;

/** A labelled text field. */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, placeholder, multiline, error, hint } = props;
  const note = error ?? hint;
  const shared = { value, placeholder, maxlength: MAX_LENGTH, ariaLabel: label };
  return (
    <View className={`demo-field ${error != null ? 'demo-field--wrong' : ''}`}>
      <Text className="demo-field__label">{label}</Text>
      {multiline ? (
        <Textarea
          className="demo-field__input"
          {...shared}
          autoHeight
          onInput={(event) => onChange(event.detail.value)}
        />
      ) : (
        <Input
          className="demo-field__input"
          {...shared}
          onInput={(event) => onChange(event.detail.value)}
        />
      )}
      {note !== undefined && <Text className="demo-field__note">{note}</Text>}
    </View>
  );
}
