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

/** A folder that code puts on `sys.path`. */
export interface SearchFolder {
  /** Below the root, with `/`; `""` is the root itself. Null: the text does not say which. */
  readonly path: string | null;
  /** In front of what was on the path before. */
  readonly isFirst: boolean;
}

interface ImportingFolder {
  readonly path: string;
  /** Where absolute imports look, in this order. */
  readonly bases: readonly string[];
  /** Whether they may look in any folder after that. */
  readonly anywhere: boolean;
  readonly absolute: Map<string, ModuleRef | null>;
  readonly relative: Map<string, ModuleRef | null>;
}

export class ModuleFinder {
  readonly #files: ReadonlySet<string>;
  readonly #folders = new Set<string>([""]);
  readonly #roots: readonly string[];
  readonly #rootPackage: string | null;
  readonly #search: ReadonlyMap<string, readonly SearchFolder[]>;
  /** Folders that files of a folder put on the path. */
  readonly #searched = new Map<string, Set<string>>();
  readonly #importing = new Map<string, ImportingFolder>();
  readonly #byFolder = new Map<string, ImportingFolder>();
  readonly #fromPackages = new Map<string, ModuleRef | null>();
  readonly #names = new Map<string, string>();

  /**
   * `files`: every first-party file; `roots`: source roots, most specific first, `""` for the project root; `rootPackage`:
   * the name by which a root that is itself a package imports itself; `search`: what files put on `sys.path`.
   */
  constructor(
    files: readonly string[],
    roots: readonly string[],
    rootPackage: string | null = null,
    search: ReadonlyMap<string, readonly SearchFolder[]> = new Map(),
  ) {
    this.#rootPackage = rootPackage;
    this.#search = search;
    this.#files = new Set(files);
    this.#roots = roots;
    for (const file of files) {
      for (let at = file.lastIndexOf("/"); at > 0; at = file.lastIndexOf("/", at - 1)) {
        const folder = file.slice(0, at);
        if (this.#folders.has(folder)) break;
        this.#folders.add(folder);
      }
    }
    for (const [file, folders] of search) {
      for (const { path } of folders) {
        if (path === null || !this.#folders.has(path) || roots.includes(path)) continue;
        const known = this.#searched.get(folderOf(file));
        if (known) known.add(path);
        else this.#searched.set(folderOf(file), new Set([path]));
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
      const parts = name.split(".");
      found = this.#absolute(parts, folder.bases);
      if (found === null && folder.anywhere) found = this.#absolute(parts, this.#holding(parts[0], folder.path));
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
      const own = this.#search.get(file);
      folder = own === undefined ? this.#byFolder.get(path) : undefined;
      if (folder === undefined) {
        // Scripts in a folder that is no package find their neighbours by bare name.
        const isScript = !this.#files.has(join(path, "__init__.py"));
        const isAlike = !isScript && own === undefined && this.#searched.size === 0;
        const absolute = isAlike ? this.#fromPackages : new Map<string, ModuleRef | null>();
        const bases = this.#basesOf(path, isScript, own ?? NO_FOLDERS);
        const anywhere = own?.some((each) => each.path === null) === true;
        folder = { path, bases, anywhere, absolute, relative: new Map() };
        if (own === undefined) this.#byFolder.set(path, folder);
      }
      this.#importing.set(file, folder);
    }
    return folder;
  }

  /**
   * A file's own folders on the path come before those of others: of files beside it or in a folder around it, the nearest
   * first. The process has one path, but what programs elsewhere put there is theirs.
   */
  #basesOf(folder: string, isScript: boolean, own: readonly SearchFolder[]): readonly string[] {
    const standard = isScript ? [folder, ...this.#roots] : this.#roots;
    if (own.length === 0 && this.#searched.size === 0) return standard;
    const known = (front: boolean) =>
      own.flatMap(({ path, isFirst }) => (isFirst === front && path !== null && this.#folders.has(path) ? [path] : []));
    // The last one that is put in front is the first one.
    const first = known(true).reverse();
    const last = known(false);
    const others: string[] = [];
    for (let at = folder; this.#searched.size > 0; at = folderOf(at)) {
      others.push(...(this.#searched.get(at) ?? []));
      if (at === "") break;
    }
    return [...new Set([...first, ...standard, ...last, ...others])];
  }

  /** Folders, none of them a package, that have a regular module of a name; the nearest to `from` first. */
  #holding(name: string, from: string): readonly string[] {
    const found = [...this.#folders].filter(
      (folder) => this.#regular(join(folder, name)) !== null && !this.#files.has(join(folder, "__init__.py")),
    );
    return found.sort((a, b) => shared(b, from) - shared(a, from) || (a < b ? -1 : 1));
  }

  #absolute(parts: readonly string[], bases: readonly string[]): ModuleRef | null {
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

const NO_FOLDERS: readonly SearchFolder[] = [];

/** The folder that a path stands in; `""` is the root. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** How many folders two paths have in common from the root on. */
function shared(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  let count = 0;
  while (count < left.length && count < right.length && left[count] === right[count]) count++;
  return count;
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
