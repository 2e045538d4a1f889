/** Scopes and symbols of one module: the public names of this folder. */
export { type Binding, type BindOptions, bind } from "./binder.ts";
export { type Lookup, lookup, mangledName } from "./lookup.ts";
export { mangle } from "./mangling.ts";
export * from "./scope.ts";
