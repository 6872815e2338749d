import { fieldOf, plainCommand, readFlag, readJson } from '../commands';

/** What a camera is told: the first four are the seed's, the others ours for calls that it makes. */
export type CallCommand =
  | 'wx_call_start'
  | 'wx_call_cancel'
  | 'wx_call_hangup'
  | 'wx_call_timeout'
  | 'wx_call_answer'
  | 'wx_call_reject'
  | 'wx_call_busy';

/** What a camera tells in `iv_private_cmd`; all but `call_start` are the seed's. */
export type CallSignalName =
  | 'call_start'
  | 'call_answer'
  | 'call_reject'
  | 'call_busy'
  | 'call_timeout'
  | 'call_cancel'
  | 'call_hang_up';

export interface CallSignal {
  readonly name: CallSignalName;
  /** Null where the camera names no call: then it is the one that goes on. */
  readonly callId: string | null;
  /** Of `call_start`: whether the camera wants to be sent a picture. */
  readonly video: boolean;
  /** Of `call_cancel`: another viewer was faster. */
  readonly isAnswered: boolean;
}

const NAMES: readonly CallSignalName[] = [
  'call_start',
  'call_answer',
  'call_reject',
  'call_busy',
  'call_timeout',
  'call_cancel',
  'call_hang_up',
];
const MAX_ID_LENGTH = 64;

/** A user_define command in its plain form, as the seed sends it, with the call's name beside it. */
export function encodeCallCommand(
  command: CallCommand,
  call: { readonly callId: string; readonly video: boolean },
  channel: number,
): string {
  const params: Record<string, string> = {};
  if (call.callId !== '') params['call_id'] = call.callId;
  if (command === 'wx_call_start') params['calltype'] = call.video ? 'video' : 'audio';
  return plainCommand(command, params, channel);
}

/**
 * Reads what a camera says by itself.
 * @param detail JSON text, perhaps with NULs behind it, or an object
 * @returns null for what is not about a call
 */
export function readCallSignal(detail: unknown): CallSignal | null {
  const body = typeof detail === 'string' ? readJson(detail) : detail;
  const text = fieldOf(body, 'iv_private_cmd');
  const name = NAMES.find((one) => one === text);
  if (name === undefined) return null;
  const callId = fieldOf(body, 'call_id');
  return {
    name,
    callId: typeof callId === 'string' && callId !== '' ? callId.slice(0, MAX_ID_LENGTH) : null,
    video: fieldOf(body, 'calltype') === 'video',
    isAnswered: readFlag(fieldOf(body, 'answered')),
  };
}
