/**
 * From a dotted module name to a first-party file or folder, as the import system would find it (manifest §4): a package
 * beats a module file, a regular package beats a namespace portion, a script's own folder comes first. Knows the list of
 * files only; reads none.
 */

/** A first-party module: a file, or the folders of a namespace package. */
export interface ModuleRef {
  /** `__init__.py` of a package, or the module's file; null for a namespace package. */
  readonly file: string | null;
  /** Folders in which submodules are looked up; empty for a plain module. */
  readonly folders: readonly string[];
  /** Stable identity. */
  readonly id: string;
}

interface ImportingFolder {
  readonly path: string;
  /** Not a package: scripts in it find their neighbours by bare name. */
  readonly script: boolean;
  readonly absolute: Map<string, ModuleRef | null>;
  readonly relative: Map<string, ModuleRef | null>;
}

export class ModuleFinder {
  readonly #files: ReadonlySet<string>;
  readonly #folders = new Set<string>([""]);
  readonly #roots: readonly string[];
  readonly #rootPackage: string | null;
  readonly #importing = new Map<string, ImportingFolder>();
  readonly #byFolder = new Map<string, ImportingFolder>();
  readonly #fromPackages = new Map<string, ModuleRef | null>();
  readonly #names = new Map<string, string>();

  /**
   * `files`: every first-party file; `roots`: source roots, most specific first, `""` for the project root; `rootPackage`:
   * the name by which a root that is itself a package imports itself.
   */
  constructor(files: readonly string[], roots: readonly string[], rootPackage: string | null = null) {
    this.#rootPackage = rootPackage;
    this.#files = new Set(files);
    this.#roots = roots;
    for (const file of files) {
      for (let at = file.lastIndexOf("/"); at > 0; at = file.lastIndexOf("/", at - 1)) {
        const folder = file.slice(0, at);
        if (this.#folders.has(folder)) break;
        this.#folders.add(folder);
      }
    }
  }

  /** Lets go of answers: each is found again by a few looks into the list of files. */
  rest(): void {
    this.#importing.clear();
    this.#byFolder.clear();
    this.#fromPackages.clear();
    this.#names.clear();
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** Dotted name of a file under the most specific source root; `__init__.py` is its package. */
  moduleName(file: string): string {
    let name = this.#names.get(file);
    if (name === undefined) {
      name = this.#moduleName(file);
      this.#names.set(file, name);
    }
    return name;
  }

  #moduleName(file: string): string {
    for (const root of this.#roots) {
      if (root !== "" && !file.startsWith(`${root}/`)) continue;
      const inside = root === "" ? file : file.slice(root.length + 1);
      const name = inside
        .replace(/\.py$/, "")
        .replace(/(^|\/)__init__$/, "")
        .split("/")
        .join(".");
      // Joined, the name is one string; replaced bit by bit, it would be a chain of bits.
      if (name !== "") return name;
    }
    return file.replace(/\.py$/, "").replaceAll("/", ".");
  }

  /** An absolute import from `fromFile`; null when no first-party module has that name. */
  absolute(name: string, fromFile: string): ModuleRef | null {
    const folder = this.#folderOf(fromFile);
    let found = folder.absolute.get(name);
    if (found === undefined) {
      found = this.#absolute(name.split("."), folder.script ? folder.path : null);
      folder.absolute.set(name, found);
    }
    return found;
  }

  /** What is known of imports from the files of one folder; all folders that are packages share one. */
  #folderOf(file: string): ImportingFolder {
    let folder = this.#importing.get(file);
    if (folder === undefined) {
      const slash = file.lastIndexOf("/");
      const path = slash < 0 ? "" : file.slice(0, slash);
      const script = !this.#files.has(join(path, "__init__.py"));
      folder = this.#byFolder.get(path);
      if (folder === undefined) {
        folder = { path, script, absolute: script ? new Map() : this.#fromPackages, relative: new Map() };
        this.#byFolder.set(path, folder);
      }
      this.#importing.set(file, folder);
    }
    return folder;
  }

  #absolute(parts: readonly string[], ownFolder: string | null): ModuleRef | null {
    const bases = ownFolder === null ? this.#roots : [ownFolder, ...this.#roots];
    let module = this.#top(parts[0], bases);
    for (let i = 1; i < parts.length && module !== null; i++) module = this.submodule(module, parts[i]);
    return module;
  }

  #top(name: string, bases: readonly string[]): ModuleRef | null {
    if (name === this.#rootPackage) return { file: "__init__.py", folders: [""], id: "__init__.py" };
    const portions: string[] = [];
    for (const base of bases) {
      const path = join(base, name);
      const regular = this.#regular(path);
      if (regular !== null) return regular;
      if (this.#folders.has(path) && !portions.includes(path)) portions.push(path);
    }
    return portions.length === 0 ? null : { file: null, folders: portions, id: portions.join("|") };
  }

  #regular(path: string): ModuleRef | null {
    const init = `${path}/__init__.py`;
    if (this.#files.has(init)) return { file: init, folders: [path], id: init };
    const file = `${path}.py`;
    return this.#files.has(file) ? { file, folders: [], id: file } : null;
  }

  submodule(module: ModuleRef, name: string): ModuleRef | null {
    const portions: string[] = [];
    for (const folder of module.folders) {
      const path = join(folder, name);
      const regular = this.#regular(path);
      if (regular !== null) return regular;
      if (this.#folders.has(path)) portions.push(path);
    }
    return portions.length === 0 ? null : { file: null, folders: portions, id: portions.join("|") };
  }

  /** The modules and packages directly inside a package, by name. */
  submodules(module: ModuleRef): readonly ModuleRef[] {
    const names = new Set<string>();
    for (const folder of module.folders) {
      const prefix = folder === "" ? "" : `${folder}/`;
      for (const file of this.#files) {
        if (!file.startsWith(prefix)) continue;
        const name = file.slice(prefix.length).split("/", 1)[0].replace(/\.py$/, "");
        if (name !== "__init__" && name !== "__main__") names.add(name);
      }
    }
    return [...names].sort().flatMap((name) => this.submodule(module, name) ?? []);
  }

  /** A relative import from `fromFile`: `level` dots, then `name` (may be empty). */
  relative(level: number, name: string, fromFile: string): ModuleRef | null {
    const known = this.#folderOf(fromFile).relative;
    const key = level === 1 ? name : ".".repeat(level - 1) + name;
    let found = known.get(key);
    if (found === undefined) {
      found = this.#relative(level, name, fromFile);
      known.set(key, found);
    }
    return found;
  }

  #relative(level: number, name: string, fromFile: string): ModuleRef | null {
    const parts = fromFile.split("/");
    parts.pop();
    if (level - 1 > parts.length) return null;
    const folder = parts.slice(0, parts.length - (level - 1)).join("/");
    const init = join(folder, "__init__.py");
    let module: ModuleRef | null = this.#files.has(init)
      ? { file: init, folders: [folder], id: init }
      : this.#folders.has(folder)
        ? { file: null, folders: [folder], id: folder }
        : null;
    if (name === "") return module;
    for (const part of name.split(".")) {
      if (module === null) return null;
      module = this.submodule(module, part);
    }
    return module;
  }

  /** Whether a dotted name begins with a first-party package or module, so that a miss is worth a notice. */
  looksFirstParty(name: string, fromFile: string): boolean {
    return this.absolute(name.split(".")[0], fromFile) !== null;
  }
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
