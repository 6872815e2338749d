import { HoldButton } from '@components/hold-button';
import { Icon } from '@components/icon';
import { useIotVideo } from '@components/provider';
import { errorText } from '@services/i18n';
import type { PlainTextKey } from '@services/i18n';
import type { TalkController, TalkPhase } from '@services/talk';
import { View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import type { PusherSettings } from './pusher-events';
import { TalkPusherSurface, useTalkPusher } from './pusher-surface';
import { useIotTalk } from './use-iot-talk';
import type { UseIotTalkOptions } from './use-iot-talk';
import './iot-talk.scss';

export interface IotTalkProps extends Omit<UseIotTalkOptions, 'pusher'> {
  /** `hold`: one talks as long as the button is held; `tap`: from one tap to the next (default `hold`). */
  readonly mode?: 'hold' | 'tap';
  /** Of the pusher, where one captures. */
  readonly pusherSettings?: PusherSettings;
  readonly className?: string;
}

const PHASE_TEXTS: Readonly<Record<Exclude<TalkPhase, 'idle'>, PlainTextKey>> = {
  authorising: 'talk.authorising',
  checking: 'talk.checking',
  starting: 'talk.requesting',
  sending: 'talk.sending',
  stopping: 'talk.stopping',
};

/**
 * Talks to a camera by the host's microphone: a button, what is going on, how loud one is. Nothing for a
 * camera that cannot be talked to.
 *
 * @example
 * <IotPlayerRoot device={device}>
 *   <IotPlayerFrame />
 *   <IotTalk mode="tap" />
 * </IotPlayerRoot>
 */
export const IotTalk = observer(function IotTalk(props: IotTalkProps) {
  const { mode = 'hold', pusherSettings, className, ...options } = props;
  const { text } = useIotVideo();
  const pusher = useTalkPusher();
  const talk = useIotTalk({ ...options, pusher });
  const { availability, phase } = talk.store;
  if (availability !== 'available') return null;
  const isOn = phase !== 'idle' && phase !== 'stopping';
  const label = mode === 'hold' ? 'talk.hold' : isOn ? 'talk.stop' : 'talk.start';
  const toggle = (): void => (isOn ? talk.stop() : talk.start());
  const isTap = mode === 'tap';
  return (
    <View className={`iot-talk ${className ?? ''}`} role="group" aria-label={text('talk.label')}>
      <View className="iot-talk__ring">
        <Level talk={talk} />
        <HoldButton
          className={`iot-talk__button iot-talk__button--${phase}`}
          label={text(label)}
          pressed={isOn}
          onHold={isTap ? toggle : () => talk.start()}
          onLetGo={isTap ? ignore : () => talk.stop()}
          onTap={toggle}
        >
          <Icon name="microphone" />
        </HoldButton>
      </View>
      <Note talk={talk} mode={mode} />
      {pusher !== null && options.capture !== 'recorder' && options.source === undefined && (
        <TalkPusherSurface
          pusher={pusher}
          {...(pusherSettings !== undefined && { settings: pusherSettings })}
        />
      )}
    </View>
  );
});

const ignore = (): void => undefined;

/** On its own, as it changes ten times a second. */
const Level = observer(function Level({ talk }: { readonly talk: TalkController }) {
  const { phase, level } = talk.store;
  const scale = phase === 'sending' ? 1 + level * 0.5 : 1;
  return (
    <View
      className="iot-talk__level"
      style={{ transform: `scale(${scale.toFixed(2)})` }}
      aria-hidden="true"
    />
  );
});

const Note = observer(function Note(props: {
  readonly talk: TalkController;
  readonly mode: 'hold' | 'tap';
}) {
  const { text, locale } = useIotVideo();
  const { phase, error, profile } = props.talk.store;
  let note = text(props.mode === 'hold' ? 'talk.hold' : 'talk.start');
  if (phase === 'sending' && profile === 'low') note = text('talk.slow');
  else if (phase !== 'idle') note = text(PHASE_TEXTS[phase]);
  else if (error !== null) note = errorText(locale, error).sentence;
  return (
    <View
      className={`iot-talk__note ${phase === 'idle' && error !== null ? 'iot-talk__note--error' : ''}`}
      role="status"
      aria-live="polite"
    >
      {note}
    </View>
  );
});
