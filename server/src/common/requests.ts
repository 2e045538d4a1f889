/**
 * What every request goes through: it waits until the projects are there, can be cancelled between steps, and when it
 * fails it is answered with an error and logged, and the server lives on. Knows nothing of what a request is about.
 */
import { type CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver";

/** Where failures are written down. */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
}

/** What a handler gets beside its parameters. */
export interface RequestContext {
  readonly token: CancellationToken;
  /** Lets waiting messages through, and ends the request when one of them cancelled it. */
  pause(): Promise<void>;
}

type Handler<P, R> = (params: P, context: RequestContext) => Promise<R> | R;

/** A handler for the connection from one of ours. `ready` is awaited first. */
export function request<P, R>(
  name: string,
  log: Log,
  ready: () => Promise<void>,
  handler: Handler<P, R>,
): (params: P, token: CancellationToken) => Promise<R> {
  return async (params, token) => {
    const context: RequestContext = {
      token,
      async pause() {
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
        if (token.isCancellationRequested) throw cancelled();
      },
    };
    try {
      await ready();
      if (token.isCancellationRequested) throw cancelled();
      return await handler(params, context);
    } catch (error) {
      if (error instanceof ResponseError) {
        if (error.code !== LSPErrorCodes.RequestCancelled) log.warn(`${name}: ${error.message}`);
        throw error;
      }
      log.error(`${name} failed: ${describe(error)}`);
      const message = error instanceof Error ? error.message : String(error);
      throw new ResponseError(ErrorCodes.InternalError, `${name} failed: ${message}`);
    }
  };
}

/** For notifications and timers, which nobody waits for: a failure is logged, nothing else. */
export function guarded<A extends unknown[]>(
  name: string,
  log: Log,
  handler: (...args: A) => void | Promise<void>,
): (...args: A) => void {
  return (...args) => {
    const failed = (error: unknown): void => log.error(`${name} failed: ${describe(error)}`);
    try {
      const done = handler(...args);
      if (done) done.catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}

/** A request whose parameters make no sense. */
export function invalid(message: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, message);
}

export function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
