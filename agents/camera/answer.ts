import type { HeaderFields, ResponseWriter } from '../../services/p2p/http';

/** Answers 200 with JSON. */
export function answerJson(response: ResponseWriter, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(Buffer.from(JSON.stringify(value)));
}

/** Answers with a line of text for whoever debugs. */
export function answerText(
  response: ResponseWriter,
  status: number,
  message: string,
  headers: HeaderFields = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(Buffer.from(message));
}
