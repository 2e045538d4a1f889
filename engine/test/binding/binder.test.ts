/** The rules of scoping on small programs (cases.ts), and what else callers of `bind` rely on. */
import { describe, expect, it } from "vitest";
import {
  type Binding,
  bind,
  mangle,
  Resolution,
  type Scope,
  type Symbol as ScopeSymbol,
  SymbolFlag,
} from "../../src/binding/index.ts";
import { type AnyNode, type Module, NodeKind } from "../../src/syntax/ast.ts";
import { parseModule } from "../../src/syntax/index.ts";
import { SCOPE_CASES } from "./cases.ts";
import { ACCEPTED_CASES, PLACEMENT_CASES, PROBLEM_CASES } from "./refusals.ts";

const WORDS: Readonly<Record<Resolution, string>> = {
  [Resolution.Unknown]: "unknown",
  [Resolution.Local]: "local",
  [Resolution.GlobalExplicit]: "explicit",
  [Resolution.GlobalImplicit]: "global",
  [Resolution.Free]: "free",
  [Resolution.Cell]: "cell",
};

function parse(source: string): Module {
  const parsed = parseModule(source);
  if (!parsed.ok) throw new Error(`line ${parsed.error.line}: ${parsed.error.message}`);
  return parsed.value;
}

function bound(source: string): Binding {
  const result = bind(parse(source), { text: source });
  if (!result.ok) throw new Error(`line ${result.error.line}: ${result.error.message}`);
  return result.value;
}

/** Scopes by path; two of one name in one place are told apart by `#2`. */
function describeScopes(scope: Scope, path = "", into: Record<string, string> = {}): Record<string, string> {
  const names = [...scope.symbols.values()].map((symbol) => `${symbol.name} ${WORDS[symbol.resolution]}`);
  let key = path === "" ? "top" : path;
  for (let n = 2; key in into; n++) key = `${path}#${n}`;
  into[key] = names.sort().join(", ");
  for (const child of scope.children) {
    describeScopes(child, path === "" ? child.name : `${path}.${child.name}`, into);
  }
  return into;
}

function symbolAt(binding: Binding, name: string): ScopeSymbol {
  const symbol = binding.module.symbols.get(name);
  if (symbol === undefined) throw new Error(`${name} is not there`);
  return symbol;
}

function childAt(scope: Scope, ...names: string[]): Scope {
  return names.reduce((at, name) => {
    const child = at.children.find((candidate) => candidate.name === name);
    if (child === undefined) throw new Error(`no scope ${name} in ${at.name}`);
    return child;
  }, scope);
}

describe("scopes", () => {
  for (const { title, source, scopes } of SCOPE_CASES) {
    it(title, () => expect(describeScopes(bound(source).module)).toEqual(scopes));
  }
});

describe("what the compiler refuses", () => {
  for (const { source, message, line } of [...PROBLEM_CASES, ...PLACEMENT_CASES]) {
    it(`${message}: ${JSON.stringify(source)}`, () => {
      const result = bind(parse(source), { text: source });
      expect(result).toMatchObject({ ok: false, error: { message, line } });
    });
  }

  it("is told from what it takes", () => {
    for (const source of ACCEPTED_CASES) expect(bind(parse(source)).ok, source).toBe(true);
  });

  it("comes from symtable before it comes from code generation", () => {
    const source = "return\ndef f(a, a): pass\n";
    expect(bind(parse(source), { text: source })).toMatchObject({ ok: false, error: { line: 2 } });
  });

  it("counts lines at LF, CR and CRLF", () => {
    for (const end of ["\n", "\r", "\r\n"]) {
      const source = ["def f(a):", "    pass", "    global a"].join(end);
      expect(bind(parse(source), { text: source })).toMatchObject({ ok: false, error: { line: 3 } });
    }
  });
});

describe("a name that only imports bind", () => {
  const onlyImported = (source: string, name = "x"): boolean => {
    const { flags } = symbolAt(bound(source), name);
    return (flags & SymbolFlag.Import) !== 0 && (flags & SymbolFlag.NonImportBinding) === 0;
  };

  it("is told from one that anything else binds", () => {
    expect(onlyImported("import x")).toBe(true);
    expect(onlyImported("try:\n    import x\nexcept ImportError:\n    import y as x")).toBe(true);
    expect(onlyImported("import x\nx: int")).toBe(true);
    expect(onlyImported("import x\nprint(x.y)\nx.y = 1\nx[0] = 1")).toBe(true);
    expect(onlyImported("import x\nglobal x")).toBe(true);
    for (const other of [
      "x = None",
      "x += 1",
      "del x",
      "for x in y: pass",
      "def x(): pass",
      "class x: pass",
      "x: int = 1",
    ]) {
      expect(onlyImported(`try:\n    import x\nexcept ImportError:\n    ${other}`), other).toBe(false);
    }
    expect(onlyImported("import x\nmatch y:\n    case x: pass")).toBe(false);
    expect(onlyImported("import x\n(x := 1)")).toBe(false);
    expect(onlyImported("import x\ntry: pass\nexcept E as x: pass")).toBe(false);
  });

  it("is told from one that another scope binds through global or nonlocal", () => {
    expect(onlyImported("import x\ndef f():\n    global x\n    x = 1")).toBe(false);
    expect(onlyImported("import x\ndef f():\n    global x\n    import y as x")).toBe(false);
    expect(onlyImported("import x\ndef f():\n    global x\n    return x")).toBe(true);
    expect(onlyImported("import x\ny = [x := 1 for i in z]")).toBe(false);
    const f = childAt(bound("def f():\n    import x\n    def g():\n        nonlocal x\n        x = 1\n").module, "f");
    expect(f.symbols.get("x")?.flags ?? 0).toBe(SymbolFlag.Import | SymbolFlag.NonImportBinding);
  });
});

describe("a statement alone", () => {
  it("has the scopes below it that it has within its module", () => {
    for (const { source } of SCOPE_CASES) {
      const module = parse(source);
      const whole = bind(module);
      if (!whole.ok) throw new Error(whole.error.message);
      const futureAnnotations = source.includes("__future__");
      const alone = module.body.map((statement) => {
        const result = bind({ ...module, body: [statement] }, { futureAnnotations });
        if (!result.ok) throw new Error(result.error.message);
        return result.value.module;
      });
      const described = (scope: Scope) => describeScopes(scope);
      expect(alone.flatMap((top) => top.children.map(described))).toEqual(whole.value.module.children.map(described));
      const names = new Map<string, number>();
      for (const top of alone) {
        for (const symbol of top.symbols.values()) names.set(symbol.name, (names.get(symbol.name) ?? 0) | symbol.flags);
      }
      expect(names).toEqual(new Map([...whole.value.module.symbols].map(([name, symbol]) => [name, symbol.flags])));
    }
  });
});

describe("the scope of a node", () => {
  it("is found for functions, classes, lambdas and comprehensions, also inside annotations", () => {
    const source = "class C:\n    def m(self): return [lambda: i for i in x]\n    y: (lambda: 0)\n";
    for (const text of [source, `from __future__ import annotations\n${source}`]) {
      const kinds = [...bound(text).scopes.keys()].map((node: AnyNode) => node.kind);
      expect(kinds.sort()).toEqual(
        [NodeKind.ClassDef, NodeKind.FunctionDef, NodeKind.Lambda, NodeKind.Lambda, NodeKind.ListComp].sort(),
      );
    }
  });

  it("is resolved also where a future import keeps it out of the tree, without effect around it", () => {
    const source =
      "from __future__ import annotations\ndef f(x):\n    def g(a: [i for i in (lambda: x)()]): pass\n    return x\n";
    const { scopes, module } = bound(source);
    for (const scope of scopes.values()) {
      for (const symbol of scope.symbols.values()) expect(symbol.resolution).not.toBe(Resolution.Unknown);
    }
    expect(childAt(module, "f").symbols.get("x")?.resolution).toBe(Resolution.Local);
  });

  it("is given for what implicit scopes read", () => {
    const module = parse("def f[T: B](a: A): pass\ntype X = Y\n");
    const result = bind(module);
    if (!result.ok) throw new Error(result.error.message);
    const { implicitScopes, typeParameterScopes } = result.value;
    const [f, x] = module.body;
    if (f.kind !== NodeKind.FunctionDef || x.kind !== NodeKind.TypeAlias) throw new Error("unexpected tree");
    expect(implicitScopes.get(f.args.args[0].annotation!)?.name).toBe("__annotate__");
    expect(implicitScopes.get(x.value)?.name).toBe("X");
    expect([...implicitScopes.values()].map((scope) => scope.name)).toEqual(["T", "__annotate__", "X"]);
    expect(typeParameterScopes.get(f)?.symbols.has("T")).toBe(true);
  });
});

describe("mangle", () => {
  it("follows _Py_Mangle", () => {
    const mangled = ["__x", "__x_", "__x__", "_x", "x", "__", "___", "__a.b", "__é"].map((name) =>
      mangle(name, "_Cls"),
    );
    expect(mangled).toEqual(["_Cls__x", "_Cls__x_", "__x__", "_x", "x", "__", "___", "__a.b", "_Cls__é"]);
    expect(mangle("__x", null)).toBe("__x");
    expect(mangle("__x", "___")).toBe("__x");
  });
});

describe("depth", () => {
  it("follows chains of any length", () => {
    const chains = [
      `x = ${"a + ".repeat(50_000)}b`,
      `x = a${".b(c)[d]".repeat(20_000)}`,
      `if a: pass\n${"elif b: pass\n".repeat(20_000)}`,
      `x = a${" < a".repeat(50_000)}`,
    ];
    for (const source of chains) {
      const parsed = parseModule(source);
      if (parsed.ok) expect(bind(parsed.value).ok).toBe(true);
      else expect(parsed.error.message).not.toBe("");
    }
  });

  it("answers on nesting of thousands of levels", () => {
    for (const source of [
      `x = ${"not ".repeat(20_000)}a`,
      `x = ${"lambda: ".repeat(20_000)}a`,
      `x = ${"(".repeat(5_000)}a${")".repeat(5_000)}`,
      `x = ${"[".repeat(190)}a${"]".repeat(190)}`,
      `x = ${"a ** ".repeat(20_000)}a`,
    ]) {
      const parsed = parseModule(source);
      if (parsed.ok) expect(typeof bind(parsed.value).ok).toBe("boolean");
    }
  });

  it("refuses a tree deeper than any parser makes, with a message", () => {
    const module = parse("x = a");
    const statement = module.body[0];
    if (statement.kind !== NodeKind.Assign) throw new Error("unexpected tree");
    for (let i = 0; i < 100_000; i++) {
      statement.value = { kind: NodeKind.Starred, start: 4, end: 5, value: statement.value, ctx: 0 };
    }
    expect(bind(module)).toMatchObject({ ok: false, error: { message: "too many levels of nesting", offset: 4 } });
  });
});
