// The transport of choice. A transport is a function of the server's address that gives a function: called with what to do
// about its events, it opens a way to the server and gives `{ send, end }`. Another transport is another file like this.
import WebSocket from 'ws';

const MOST_BYTES_OF_A_FRAME = 1_048_576;

/**
 * `opened()` comes once frames can be sent; `received(text)` for each frame; `ended({ code, reason })` once, at the end,
 * whatever it was that went wrong.
 */
export const webSocket = (server) => ({ opened, received, ended }) => {
  const address = new URL('/api/v1/sync', server.replace(/^http/, 'ws'));
  const socket = new WebSocket(address, { perMessageDeflate: false, maxPayload: MOST_BYTES_OF_A_FRAME });
  socket.on('open', opened);
  socket.on('message', (data) => received(String(data)));
  // `close` follows, and is told.
  socket.on('error', () => {});
  socket.on('close', (code, reason) => ended({ code, reason: String(reason) }));
  return {
    send: (text) => socket.send(text),
    /** Without a farewell, for the other side may be long gone. */
    end: () => socket.terminate(),
  };
};
