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

/** How far the talk with the client has come. */
export type Phase = "before" | "open" | "after";

/**
 * A handler for the connection from one of ours. `ready` is awaited first. Before `initialize` and after `shutdown` the
 * protocol wants errors of its own, not silence.
 */
export function request<P, R>(
  name: string,
  log: Log,
  phase: () => Phase,
  ready: () => Promise<void>,
  handler: Handler<P, R>,
): (params: P, token: CancellationToken) => Promise<R> {
  return async (...given) => {
    // A request without parameters comes with the token alone.
    const [params, token] = given[1] === undefined ? [{} as P, given[0] as CancellationToken] : given;
    const context: RequestContext = {
      token,
      async pause() {
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
        if (token.isCancellationRequested) throw cancelled();
      },
    };
    if (phase() === "before") throw new ResponseError(ErrorCodes.ServerNotInitialized, "`initialize` comes first");
    if (phase() === "after") throw new ResponseError(ErrorCodes.InvalidRequest, "the server was shut down");
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
