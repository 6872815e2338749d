'use strict';

/**
 * The tags of WeChat's P2P-Player plugin, with each property and event that Taro has to write into the
 * page's template. Events are bound by the exact name that the plugin fires: `bindplayerReady` hears
 * `playerReady`, `bind:player-ready` would not. Events without a capital are spelt as React has them, since
 * Taro would write both spellings; it adds the id by itself.
 */
const EVERY_TAG = ['class', 'style'];

const LIVE_PLAYER = [
  'autoplay',
  'mode',
  'minCache',
  'maxCache',
  'muted',
  'soundMode',
  'orientation',
  'objectFit',
  'acceptLivePlayerEvents',
  'bindplayerReady',
  'bindplayerStartPull',
  'bindplayerClose',
  'bindplayerError',
  'onError',
  'onStatechange',
  'onNetstatus',
  'onFullscreenchange',
  'onEnterpictureinpicture',
  'onLeavepictureinpicture',
];

const LIVE_PUSHER = [
  'mode',
  'enableCamera',
  'enableMic',
  'enableAgc',
  'enableAns',
  'audioQuality',
  'audioVolumeType',
  'aspect',
  'orientation',
  'minBitrate',
  'maxBitrate',
  'fps',
  'videoWidth',
  'videoHeight',
  'localMirror',
  'remoteMirror',
  'devicePosition',
  'beauty',
  'whiteness',
  'voiceChangerType',
  'acceptLivePusherEvents',
  'ignoreEmptyAudioTag',
  'bindpusherReady',
  'bindpusherStartPush',
  'bindpusherFlvHeader',
  'bindpusherFlvAudioTag',
  'bindpusherFlvVideoTag',
  'bindpusherFlvDataTag',
  'bindpusherClose',
  'bindpusherError',
  'onError',
  'onStatechange',
  'onNetstatus',
];

const MJPG_PLAYER = [
  'autoplay',
  'bindplayerReady',
  'bindplayerStartPull',
  'bindplayerClose',
  'bindplayerError',
  'onLoad',
  'onError',
];

/** @type {Readonly<Record<import('./types').Feature, import('./types').NativeTag>>} */
const NATIVE_TAGS = {
  player: { tag: 'p2p-player', attributes: [...EVERY_TAG, ...LIVE_PLAYER] },
  pusher: { tag: 'p2p-pusher', attributes: [...EVERY_TAG, ...LIVE_PUSHER] },
  mjpg: { tag: 'p2p-mjpg-player', attributes: [...EVERY_TAG, ...MJPG_PLAYER] },
};

module.exports = { NATIVE_TAGS };
