/** Values of a command's parameters. */
export type CommandParams = Readonly<Record<string, string | number>>;

/**
 * `action=inner_define&channel=0&cmd=get_device_st&type=voice`: a command that every camera knows
 * (guide §"发送信令").
 * @param channel 0-based; of a recorder, the camera behind it.
 */
export function innerCommand(cmd: string, params: CommandParams = {}, channel = 0): string {
  return `action=inner_define&channel=${channel}&cmd=${escapeValue(cmd)}${tailOf(params)}`;
}

/** `action=user_define&channel=0&cmd=ptz_left`: a maker's own command as a word. */
export function plainCommand(word: string, params: CommandParams = {}, channel = 0): string {
  return `action=user_define&channel=${channel}&cmd=${escapeValue(word)}${tailOf(params)}`;
}

/**
 * A maker's own command as JSON `{topic, data, message_id}`, the seed's convention.
 * @param messageId left out where undefined.
 */
export function userCommand(
  message: { readonly topic: string; readonly data: object; readonly messageId?: number },
  channel = 0,
): string {
  const { topic, data, messageId } = message;
  const id = messageId === undefined ? {} : { message_id: messageId };
  const json = JSON.stringify({ topic, data, ...id });
  return `action=user_define&channel=${channel}&cmd=${escapeJson(json)}`;
}

function tailOf(params: CommandParams): string {
  return Object.entries(params)
    .map(([name, value]) => `&${escapeValue(name)}=${escapeValue(String(value))}`)
    .join('');
}

function escapeValue(text: string): string {
  return encodeURIComponent(text);
}

/**
 * Only what would end the value: firmware that reads the JSON without decoding it, as the seed's demo
 * sends it, still finds its braces and quotes.
 */
function escapeJson(json: string): string {
  return json.replace(/[%&#+]/g, (character) => encodeURIComponent(character));
}
