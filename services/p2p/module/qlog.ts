import type { LoggedEvent, SessionEvent } from '../session';

/** RFC 7464: what begins each record of a JSON text sequence. */
const RECORD_SEPARATOR = '\x1e';

export interface QlogOptions {
  readonly title: string;
  /** Unix ms that belongs to 0 of the events' times. */
  readonly wallAtZeroMs: number;
}

/**
 * A session's events as qlog in JSON-SEQ (draft-ietf-quic-qlog-main-schema §11.2, events as in
 * draft-ietf-quic-qlog-quic-events; version 0.3, which tools read). Times are ms since the first event.
 */
export function toQlog(entries: readonly LoggedEvent[], options: QlogOptions): string {
  const startMs = entries[0]?.timeMs ?? 0;
  const header = {
    qlog_version: '0.3',
    qlog_format: 'JSON-SEQ',
    title: options.title,
    trace: {
      vantage_point: { name: 'taro-iot-video', type: 'client' },
      common_fields: {
        protocol_type: ['taro-iot-video'],
        time_format: 'relative',
        reference_time: options.wallAtZeroMs + startMs,
      },
    },
  };
  const events = entries.map(({ timeMs, event }) => ({
    time: Math.round((timeMs - startMs) * 1000) / 1000,
    ...nameAndData(event),
  }));
  return [header, ...events].map((each) => `${RECORD_SEPARATOR}${JSON.stringify(each)}\n`).join('');
}

/** Names and fields as the drafts have them where they know the event. */
function nameAndData(event: SessionEvent): { name: string; data: Record<string, unknown> } {
  switch (event.name) {
    case 'connectivity:connection_state_updated': {
      const { state, detail } = event;
      return { name: event.name, data: { new: state, ...(detail !== undefined && { detail }) } };
    }
    case 'recovery:packet_lost': {
      const { packetNumber, pathId, trigger } = event;
      const header = { packet_type: '1RTT', packet_number: packetNumber };
      return { name: event.name, data: { header, path_id: pathId, trigger } };
    }
    case 'recovery:loss_timer_expired': {
      const { pathId, probes } = event;
      const data = { event_type: 'expired', timer_type: 'pto', path_id: pathId, pto_count: probes };
      return { name: 'recovery:loss_timer_updated', data };
    }
    default: {
      const { name, ...fields } = event;
      return { name, data: snakeCase(fields) };
    }
  }
}

function snakeCase(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    out[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value;
  }
  return out;
}
