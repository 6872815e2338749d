import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { useIotVideo } from '@components/provider';
import { toIotError } from '@services/device';
import type { IotDevice } from '@services/device';
import { XP2PErrorCode } from '@services/errors';
import type { IotError } from '@services/errors';
import type { DownloadItem } from '@services/downloads';
import { errorText } from '@services/i18n';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { useState } from 'react';
import { formatBytes, formatDuration } from './format-bytes';
import { useIotDownloads } from './use-iot-downloads';
import type { IotDownloadsModel } from './use-iot-downloads';
import './iot-downloads.scss';

export interface IotDownloadsProps {
  /** The cameras that the app knows; files of others wait for theirs. */
  readonly devices: readonly IotDevice[];
  readonly className?: string;
}

/**
 * The download centre: what is fetched from cameras, how far it is, and what is there.
 *
 * @example
 * <IotDownloads devices={cameras} />
 */
export const IotDownloads = observer(function IotDownloads({
  devices,
  className,
}: IotDownloadsProps) {
  const text = useText();
  const downloads = useIotDownloads(devices);
  const { store } = downloads;
  const { items } = store;
  return (
    <View
      className={`iot-downloads ${className ?? ''}`}
      role="region"
      aria-label={text('downloads.label')}
    >
      {items.length === 0 ? (
        <View className="iot-downloads__empty">
          <Icon name="download" />
          <Text className="iot-downloads__empty-title">{text('downloads.empty')}</Text>
          <Text className="iot-downloads__hint">{text('downloads.empty-hint')}</Text>
        </View>
      ) : (
        <>
          <Head downloads={downloads} />
          <View className="iot-downloads__list" role="list">
            {items.map((item, index) => (
              <Row key={item.id} item={item} index={index} downloads={downloads} />
            ))}
          </View>
        </>
      )}
    </View>
  );
});

interface WithDownloads {
  readonly downloads: IotDownloadsModel;
}

/** What concerns all of them. */
const Head = observer(function Head({ downloads: { store, controller } }: WithDownloads) {
  const text = useText();
  const { items, freeBytes, storedBytes, active, durable } = store;
  const used = formatBytes(storedBytes);
  const resting = items.some(({ phase: { kind } }) => kind === 'paused' || kind === 'failed');
  const done = items.some(({ phase }) => phase.kind === 'done');
  return (
    <View className="iot-downloads__head">
      <Text className="iot-downloads__storage">
        {freeBytes === null
          ? text('downloads.storage-used', { used })
          : text('downloads.storage', { used, free: formatBytes(freeBytes) })}
      </Text>
      {!durable && <Text className="iot-downloads__hint">{text('downloads.volatile')}</Text>}
      <View className="iot-downloads__all">
        {active && (
          <Pressable className="iot-downloads__word" onPress={() => controller.pauseAll()}>
            <Text>{text('downloads.pause-all')}</Text>
          </Pressable>
        )}
        {resting && (
          <Pressable className="iot-downloads__word" onPress={() => controller.resumeAll()}>
            <Text>{text('downloads.resume-all')}</Text>
          </Pressable>
        )}
        {done && (
          <Pressable className="iot-downloads__word" onPress={() => controller.removeDone()}>
            <Text>{text('downloads.clean')}</Text>
          </Pressable>
        )}
      </View>
    </View>
  );
});

interface RowProps extends WithDownloads {
  readonly item: DownloadItem;
  readonly index: number;
}

const Row = observer(function Row({ item, index, downloads }: RowProps) {
  const { text, locale } = useIotVideo();
  const { store, controller, host } = downloads;
  const [saved, setSaved] = useState<'no' | 'yes' | IotError>('no');
  const { id, storedName: name, phase, storedBytes, sizeBytes } = item;
  const progress = store.progress.get(id);
  const bytes = progress?.bytes ?? storedBytes;
  const share = sizeBytes === null || sizeBytes === 0 ? null : Math.min(1, bytes / sizeBytes);
  const goesOn = phase.kind === 'queued' || phase.kind === 'running' || phase.kind === 'waiting';
  const failed = phase.kind === 'failed' || typeof saved === 'object';

  const save = (): void => {
    host.album?.save(name, item.file.type).then(
      () => setSaved('yes'),
      (cause: unknown) =>
        setSaved(
          toIotError(cause, {
            code: XP2PErrorCode.DownloadFailed,
            phase: 'download',
            reason: 'storage-failed',
            message: 'the file could not be handed over',
            retryable: true,
          }),
        ),
    );
  };

  const sentence = (): string => {
    const done = formatBytes(bytes);
    const size = sizeBytes === null ? '?' : formatBytes(sizeBytes);
    if (typeof saved === 'object') return text('downloads.failed', errorText(locale, saved));
    switch (phase.kind) {
      case 'queued':
        return text(
          store.deviceIds.has(item.deviceId) ? 'downloads.queued' : 'downloads.unknown-device',
        );
      case 'waiting':
        return text('downloads.waiting', { title: errorText(locale, phase.error).title });
      case 'paused':
        return text('downloads.paused', { done, size });
      case 'failed':
        return text('downloads.failed', errorText(locale, phase.error));
      case 'done':
        return saved === 'yes' ? `${size} · ${text('downloads.saved')}` : size;
      case 'running': {
        const { bytesPerS = null, remainingS = null } = progress ?? {};
        return [
          sizeBytes === null
            ? text('downloads.running-unsized', { done })
            : text('downloads.running', { done, size }),
          ...(bytesPerS === null
            ? []
            : [text('downloads.speed', { speed: formatBytes(bytesPerS) })]),
          ...(remainingS === null
            ? []
            : [text('downloads.remaining', { time: formatDuration(remainingS) })]),
        ].join(' · ');
      }
      default:
        return phase satisfies never;
    }
  };

  return (
    <View className="iot-downloads__row" role="listitem">
      <View className="iot-downloads__facts">
        <Text className="iot-downloads__name">{name}</Text>
        {phase.kind !== 'done' && (
          <View
            className="iot-downloads__bar"
            role="progressbar"
            aria-label={name}
            aria-valuemin={0}
            aria-valuemax={100}
            {...(share !== null && { 'aria-valuenow': Math.floor(share * 100) })}
          >
            <View
              className={`iot-downloads__bar-done iot-downloads__bar-done--${phase.kind}`}
              style={{ width: `${((share ?? 0) * 100).toFixed(1)}%` }}
            />
          </View>
        )}
        <Text className={`iot-downloads__state ${failed ? 'iot-downloads__state--failed' : ''}`}>
          {sentence()}
        </Text>
      </View>
      {index > 0 && phase.kind === 'queued' && (
        <Pressable
          className="iot-downloads__button iot-downloads__button--up"
          label={text('downloads.up', { name })}
          onPress={() => controller.move(id, index - 1)}
        >
          <Icon name="chevron" />
        </Pressable>
      )}
      {phase.kind === 'done' && host.album?.canSave(name) === true && (
        <Pressable
          className="iot-downloads__save"
          label={text('downloads.save', { name })}
          onPress={save}
        >
          <Text>{text('downloads.save-short')}</Text>
        </Pressable>
      )}
      {goesOn && (
        <Pressable
          className="iot-downloads__button"
          label={text('downloads.pause', { name })}
          onPress={() => controller.pause(id)}
        >
          <Icon name="pause" />
        </Pressable>
      )}
      {(phase.kind === 'paused' || phase.kind === 'failed') && (
        <Pressable
          className="iot-downloads__button"
          label={text('downloads.resume', { name })}
          onPress={() => controller.resume(id)}
        >
          <Icon name={phase.kind === 'paused' ? 'play' : 'refresh'} />
        </Pressable>
      )}
      <Pressable
        className="iot-downloads__button"
        label={text(phase.kind === 'done' ? 'downloads.delete' : 'downloads.cancel', { name })}
        onPress={() => controller.remove(id)}
      >
        <Icon name="remove" />
      </Pressable>
    </View>
  );
});
