/**
 * Code that is never run: after a statement that leaves its list, under `if False`, in `while False`, in the `else` of
 * `if True`. `while 1` = `while True`.
 *
 * Condition: CPython's compiler has seen that code too, and the dropped part must not have told it anything: no `yield` (it
 * makes a generator), no `await`, no imports, `global`, `nonlocal`, no definitions, lambdas or comprehensions. It must not
 * name anything of the module either: a reference counts, also in an arm that is not taken. Names that it binds stay
 * locals, as the scopes have them. Counter-examples: `return` before a `yield`; `if False: helper()`; `if DEBUG:`.
 */
import {
  type AnyNode,
  type Constant,
  ConstantType,
  type Expr,
  type If,
  type Name,
  NodeKind,
  type Stmt,
  type While,
} from "../../syntax/ast.ts";
import { walk } from "../../syntax/index.ts";
import { newConstant, newWhile } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { counted } from "../statements.ts";

/** The statements that an `if` with a constant condition stands for; null where it has none. */
export function constantIf(c: Canonical, node: If): readonly Stmt[] | null {
  const truth = truthOf(node.test);
  if (truth === null) return null;
  const [taken, dropped] = truth ? [node.body, node.orelse] : [node.orelse, node.body];
  if (!leaveOut(c, dropped)) return null;
  return counted(c, taken);
}

/** What a `while` with a constant condition stands for; null where it has none. */
export function constantWhile(c: Canonical, node: While): readonly Stmt[] | null {
  const truth = truthOf(node.test);
  if (truth === null) return null;
  if (!truth) return leaveOut(c, node.body) ? counted(c, node.orelse) : null;
  if ((node.test as Constant).type === ConstantType.True) return null;
  const test = newConstant(node.test.start, node.test.end, ConstantType.True, "", null, false);
  return [newWhile(node.start, node.end, test, node.body, node.orelse)];
}

/** What a literal is as a condition; null for anything else. */
function truthOf(test: Expr): boolean | null {
  if (test.kind !== NodeKind.Constant) return null;
  switch (test.type) {
    case ConstantType.None:
    case ConstantType.False:
      return false;
    case ConstantType.Int:
    case ConstantType.Float:
    case ConstantType.Complex:
      return Number(test.value) !== 0;
    case ConstantType.Str:
    case ConstantType.Bytes:
      return test.value !== "";
    default:
      return true;
  }
}

/** Whether statements that are never run can be left out; then the builtins that they name are still listed. */
export function leaveOut(c: Canonical, statements: readonly Stmt[]): boolean {
  const builtins: Name[] = [];
  for (const statement of statements) {
    let isPlain = true;
    walk(statement, (node) => {
      isPlain &&= isPlainCode(c, node, builtins);
    });
    if (!isPlain) return false;
  }
  for (const name of builtins) c.mention(name);
  return true;
}

function isPlainCode(c: Canonical, node: AnyNode, builtins: Name[]): boolean {
  switch (node.kind) {
    case NodeKind.Yield:
    case NodeKind.YieldFrom:
    case NodeKind.Await:
    case NodeKind.AsyncFor:
    case NodeKind.AsyncWith:
    case NodeKind.Import:
    case NodeKind.ImportFrom:
    case NodeKind.Global:
    case NodeKind.Nonlocal:
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
    case NodeKind.ClassDef:
    case NodeKind.TypeAlias:
    case NodeKind.AnnAssign:
    case NodeKind.Lambda:
    case NodeKind.ListComp:
    case NodeKind.SetComp:
    case NodeKind.DictComp:
    case NodeKind.GeneratorExp:
      return false;
    case NodeKind.Name:
      if (c.owner(node.id) !== null) return true;
      if (!c.isBuiltin(node.id)) return false;
      builtins.push(node);
      return true;
    default:
      return true;
  }
}
