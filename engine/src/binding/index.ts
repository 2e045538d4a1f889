/** Scopes and symbols of one module: the public names of this folder. */
export { type Binding, type BindOptions, bind } from "./binder.ts";
export { mangle } from "./mangling.ts";
export * from "./scope.ts";
