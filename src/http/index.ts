// The door of src/http: an HTTP client whose every wait is a coroutine of the loop, and a small server to point it at.
export { ClientResponse } from './client-response.ts';
export { ClientSession, type RequestContext, type RequestOptions, request } from './client-session.ts';
export { EmbeddedServer, type ServerOptions, startServer } from './embedded-server.ts';
export { HttpError, type HttpErrorKind } from './http-error.ts';
export type { ClientSessionOptions } from './session-options.ts';
