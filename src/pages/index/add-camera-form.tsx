import { Pressable } from '@components/pressable';
import { useIotVideo } from '@components/provider';
import { IotError } from '@services/errors';
import { errorText } from '@services/i18n';
import { Text, View } from '@tarojs/components';
import { useState } from 'react';
import { addCamera } from '@/cameras';
import { usePageText } from '@/texts';
import { TextField } from '@/ui';

interface AddCameraFormProps {
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

/** Adds a camera by the xp2pInfo that it prints. */
export function AddCameraForm({ onClose, onAdded }: AddCameraFormProps) {
  const text = usePageText();
  const { locale } = useIotVideo();
  const [name, setName] = useState('');
  const [info, setInfo] = useState('');
  const [error, setError] = useState<string | null>(null);

  const submit = (): void => {
    try {
      addCamera(name, info);
      onAdded();
    } catch (thrown) {
      if (!(thrown instanceof IotError)) throw thrown;
      setError(errorText(locale, thrown).sentence);
    }
  };

  return (
    <View className="demo-list__form" role="form" aria-label={text('add.open')}>
      <TextField
        label={text('add.name')}
        value={name}
        placeholder={text('add.name.example')}
        onChange={setName}
      />
      <TextField
        label={text('add.info')}
        value={info}
        multiline
        hint={text('add.info.hint')}
        error={error}
        onChange={(value) => {
          setInfo(value);
          setError(null);
        }}
      />
      <View className="demo-list__actions">
        <Pressable className="demo-button demo-button--quiet" onPress={onClose}>
          <Text>{text('add.cancel')}</Text>
        </Pressable>
        <Pressable className="demo-button" disabled={info.trim() === ''} onPress={submit}>
          <Text>{text('add.submit')}</Text>
        </Pressable>
      </View>
    </View>
  );
}
