import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import type { IconName } from '@components/icon';
import { Pressable } from '@components/pressable';
import { useIotVideo } from '@components/provider';
import type { CallController } from '@services/call';
import { errorText } from '@services/i18n';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { useEffect, useState } from 'react';
import { END_TEXTS, formatDuration, PHASE_TEXTS } from './call-core';
import type { CallMedia } from './call-media';
import { CallPreview } from './call-preview';
import { ring } from './ring';
import { useIotCall } from './use-iot-call';
import type { UseIotCallOptions } from './use-iot-call';
import './iot-call.scss';

export interface IotCallProps extends UseIotCallOptions {
  /** Whether calls with a picture are offered where camera and host can (default true). */
  readonly video?: boolean;
  /** Whether it rings and vibrates when the camera calls (default true). */
  readonly rings?: boolean;
  readonly className?: string;
}

/**
 * Calls a camera, and is called by it: rings, answers, rejects, hangs up. Nothing for a camera that
 * cannot be called.
 *
 * @example
 * <IotPlayerRoot device={device}>
 *   <IotPlayerFrame />
 *   <IotCall />
 * </IotPlayerRoot>
 */
export const IotCall = observer(function IotCall(props: IotCallProps) {
  const { video = true, rings = true, className, ...options } = props;
  const text = useText();
  const { call, media } = useIotCall(options);
  const { availability, phase, features } = call.store;
  const isRinging = phase === 'ringing';
  useEffect(() => (isRinging && rings ? ring() : undefined), [isRinging, rings]);
  if (availability !== 'available') return null;
  const offersVideo = video && features?.video === true;
  return (
    <View
      className={`iot-call iot-call--${phase} ${className ?? ''}`}
      role="group"
      aria-label={text('call.label')}
    >
      <CallPreview media={media} isOpen={phase !== 'idle' && call.store.video} />
      <CallNote call={call} />
      {offersVideo && media.canSendVideo === false && phase === 'idle' && (
        <View className="iot-call__hint">{text('call.sound-only')}</View>
      )}
      <View className="iot-call__buttons">
        <CallButtons
          call={call}
          media={media}
          offersVideo={offersVideo && media.canSendVideo === true}
        />
      </View>
    </View>
  );
});

interface CallButtonsProps {
  readonly call: CallController;
  readonly media: CallMedia;
  readonly offersVideo: boolean;
}

const CallButtons = observer(function CallButtons({ call, media, offersVideo }: CallButtonsProps) {
  const { phase, video, voice } = call.store;
  switch (phase) {
    case 'idle':
      return (
        <>
          <CallButton icon="call" text="call.start" look="good" onPress={() => call.start()} />
          {offersVideo && (
            <CallButton
              icon="camera"
              text="call.start-video"
              look="good"
              onPress={() => call.start({ video: true })}
            />
          )}
        </>
      );
    case 'ringing':
      return (
        <>
          <CallButton icon="hang-up" text="call.reject" look="bad" onPress={() => call.hangUp()} />
          <CallButton icon="call" text="call.answer" look="good" onPress={() => call.answer()} />
          {offersVideo && (
            <CallButton
              icon="camera"
              text="call.answer-video"
              look="good"
              onPress={() => call.answer({ video: true })}
            />
          )}
        </>
      );
    case 'preparing':
    case 'calling':
      return (
        <CallButton icon="hang-up" text="call.cancel" look="bad" onPress={() => call.hangUp()} />
      );
    case 'connecting':
    case 'talking':
      return (
        <>
          <CallButton
            icon={voice.muted ? 'microphone-off' : 'microphone'}
            text={voice.muted ? 'call.unmute' : 'call.mute'}
            look={voice.muted ? 'on' : 'plain'}
            onPress={() => call.setMuted(!voice.muted)}
          />
          {video && media.switchCamera !== null && (
            <CallButton
              icon="rotate"
              text="call.switch-camera"
              look="plain"
              onPress={media.switchCamera}
            />
          )}
          <CallButton icon="hang-up" text="call.hang-up" look="bad" onPress={() => call.hangUp()} />
        </>
      );
    default:
      return phase satisfies never;
  }
});

type ButtonText =
  | 'call.start'
  | 'call.start-video'
  | 'call.answer'
  | 'call.answer-video'
  | 'call.reject'
  | 'call.cancel'
  | 'call.hang-up'
  | 'call.mute'
  | 'call.unmute'
  | 'call.switch-camera';

interface CallButtonProps {
  readonly icon: IconName;
  readonly text: ButtonText;
  readonly look: 'good' | 'bad' | 'plain' | 'on';
  readonly onPress: () => void;
}

function CallButton({ icon, text: key, look, onPress }: CallButtonProps) {
  const text = useText();
  return (
    <View className="iot-call__action">
      <Pressable
        className={`iot-call__button iot-call__button--${look}`}
        label={text(key)}
        onPress={onPress}
      >
        <Icon name={icon} />
      </Pressable>
      <Text className="iot-call__caption" aria-hidden="true">
        {text(key)}
      </Text>
    </View>
  );
}

/** What is going on, how long, or how it ended. */
const CallNote = observer(function CallNote({ call }: { readonly call: CallController }) {
  const { text, locale } = useIotVideo();
  const { state, phase, end, error, voice } = call.store;
  let note = '';
  if (phase === 'talking') {
    if (voice.profile === 'low') note = text('call.slow');
    else note = text(voice.muted ? 'call.muted' : 'call.talking');
  } else if (phase === 'calling' && !state.isTaken) note = text('call.dialling');
  else if (phase !== 'idle') note = text(PHASE_TEXTS[phase]);
  else if (end === 'failed' && error !== null) note = errorText(locale, error).sentence;
  else if (end !== null && end !== 'failed') note = text(END_TEXTS[end]);
  return (
    <View className="iot-call__state">
      {phase === 'talking' && <Level call={call} />}
      <View
        className="iot-call__note"
        role={phase === 'ringing' ? 'alert' : 'status'}
        aria-live={phase === 'ringing' ? 'assertive' : 'polite'}
      >
        {note}
      </View>
      {phase === 'talking' && <Duration call={call} />}
    </View>
  );
});

const SECOND_MS = 1_000;

const Duration = observer(function Duration({ call }: { readonly call: CallController }) {
  const { clock } = useIotVideo();
  const { sinceMs } = call.store;
  const [nowMs, setNowMs] = useState(() => clock.nowMs());
  useEffect(() => {
    if (sinceMs === null) return undefined;
    const timer = setInterval(() => setNowMs(clock.nowMs()), SECOND_MS);
    return () => clearInterval(timer);
  }, [sinceMs, clock]);
  return (
    <Text className="iot-call__duration">
      {formatDuration(sinceMs === null ? 0 : nowMs - sinceMs)}
    </Text>
  );
});

/** How loud one is; on its own, as it changes ten times a second. */
const Level = observer(function Level({ call }: { readonly call: CallController }) {
  const { level } = call.store.voice;
  return (
    <View className="iot-call__level" aria-hidden="true">
      <View className="iot-call__level-bar" style={{ width: `${Math.round(level * 100)}%` }} />
    </View>
  );
});
