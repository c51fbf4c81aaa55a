"""Change a module in one place at a time: every change that a test should notice.

Left alone is what says something to readers or checkers only: docstrings, annotations and aliases of types, the texts of errors,
`__repr__`, the bodies of Protocols, imports, `__slots__`, and the arm that leads to `assert_never`.
"""

import ast
import copy
from collections.abc import Iterator
from itertools import takewhile
from typing import Any, NamedTuple

_SWAPPED: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.And: (ast.Or,), ast.Or: (ast.And,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.FloorDiv,), ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,), ast.Mod: (ast.Mult,), ast.Pow: (ast.Mult,), ast.LShift: (ast.RShift,), ast.RShift: (ast.LShift,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.BitXor: (ast.BitOr,),
}  # fmt: skip
_NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
_DELETED = (ast.Raise, ast.Expr, ast.AugAssign, ast.Delete, ast.Assert)
_UNREAD = {"annotation", "returns", "decorator_list", "type_params", "type_comment"}
_NOT_CHANGED = (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)
_TRUE, _FALSE, _NONE = ast.Constant(value=True), ast.Constant(value=False), ast.Constant(value=None)


class Mutant(NamedTuple):
    """Describe one change.

    `where` is the function in its module in the package, `text` the line, `change` what is done to it; `span` is the lines of the
    statement, none where it runs as the module is imported; `owner`, `field`, `position` and `new` say what to put where in the tree.
    """

    where: str
    text: str
    change: str
    span: range
    owner: ast.AST
    field: str
    position: int | None
    new: ast.AST

    def __str__(self) -> str:
        return f"{self.where}: {self.text} :: {self.change}"

    def apply(self) -> None:
        """Make the change in the tree that the mutant was found in."""
        ast.fix_missing_locations(ast.copy_location(self.new, self.old()))
        if self.position is None:
            setattr(self.owner, self.field, self.new)
        else:
            getattr(self.owner, self.field)[self.position] = self.new

    def old(self) -> Any:
        """Return what stands there unchanged."""
        value = getattr(self.owner, self.field)
        return value if self.position is None else value[self.position]


def mutants(tree: ast.Module, source: str, module: str) -> list[Mutant]:
    """List the mutants of a module; the second of two that read alike says so."""
    seen: dict[str, int] = {}
    found: list[Mutant] = []
    for mutant in _Finder(tree, source.splitlines()).inside(tree, module, range(0)):
        seen[str(mutant)] = number = seen.get(str(mutant), 0) + 1
        found.append(mutant if number == 1 else mutant._replace(change=f"{mutant.change} ({number})"))
    return found


class _Finder:
    def __init__(self, tree: ast.Module, lines: list[str]) -> None:
        self.lines = lines
        functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
        self.later = {line for node in functions for line in range(node.body[0].lineno, (node.end_lineno or 0) + 1)}

    def inside(self, node: ast.AST, where: str, span: range) -> Iterator[Mutant]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            where = f"{where}.{node.name}"
        for field, value in ast.iter_fields(node):
            if field in _UNREAD or not isinstance(value, (ast.AST, list)):
                continue
            for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
                if not isinstance(child, ast.AST) or _left_alone(child, node, field, index):
                    continue
                lines = self.span(child, span)
                line = self.lines[getattr(child, "lineno", lines.start) - 1].strip()
                for change, new in _changes(child, node, field):
                    yield Mutant(where, line, change, lines, node, field, index, new)
                yield from self.inside(child, where, lines)

    def span(self, node: ast.AST, around: range) -> range:
        """Give the lines of a statement, or of its head where it has a body; what is within a statement has its lines."""
        if not isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            return around
        start = node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
        if start not in self.later:
            return range(start, start)
        body: list[ast.stmt] | None = getattr(node, "body", None)
        return range(start, max(body[0].lineno, start + 1) if body else (getattr(node, "end_lineno", None) or start) + 1)


def _left_alone(child: ast.AST, owner: ast.AST, field: str, index: int | None) -> bool:
    match child:
        case (
            ast.Expr(value=ast.Constant())  # a docstring, or `...`
            | ast.FunctionDef(name="__repr__")
            | ast.ClassDef(bases=[*_, ast.Name(id="Protocol")])
            | ast.Assign(targets=[ast.Name(id="msg" | "__slots__"), *_])
            | ast.AnnAssign(annotation=ast.Name(id="TypeAlias"))
            | ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar")))
            | ast.Expr(value=ast.Call(func=ast.Name(id="assert_never")))
        ):
            return True
        case ast.Tuple() if isinstance(owner, ast.Subscript) and field == "slice":
            return True  # the arguments of a type
        case ast.Constant() | ast.JoinedStr() | ast.BinOp(right=ast.JoinedStr() | ast.Constant(value=str())) if isinstance(owner, ast.Call):
            return field == "args" and _is_told(owner, index or 0)
    return isinstance(child, (*_NOT_CHANGED, ast.expr_context)) or (isinstance(owner, ast.JoinedStr) and isinstance(child, ast.Constant))


def _is_told(call: ast.Call, index: int) -> bool:
    """Tell whether this argument is the text of an error, or a type for checkers."""
    name = ast.unparse(call.func)
    if name in {"SaysoError.of", "Problem"}:
        return index == 1
    return name.endswith("Error") or (name == "cast" and index == 0)


def _changes(node: ast.AST, owner: ast.AST, field: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield each change of one node: how it reads, and what takes its place."""
    for new in _replacements(node, owner, field):
        yield _told(ast.unparse(node), ast.unparse(new)), new
    if isinstance(node, _DELETED) or (isinstance(node, ast.Assign) and not isinstance(node.targets[0], (ast.Name, ast.Tuple))):
        yield "deleted", ast.Pass()
    if isinstance(node, ast.For):
        yield "never entered", _with(node, iter=ast.Tuple(elts=[], ctx=ast.Load()))
    if isinstance(node, ast.ExceptHandler):
        yield "catches nothing", _with(node, type=ast.Tuple(elts=[], ctx=ast.Load()))
    if isinstance(node, ast.Match):
        for number, case in enumerate(node.cases):
            if not _left_alone(case.body[0], case, "body", 0):
                left = _without(node.cases, number)
                yield f"without case {ast.unparse(case.pattern)}", _with(node, cases=left) if left else ast.Pass()


def _replacements(node: ast.AST, owner: ast.AST, field: str) -> Iterator[ast.AST]:
    if isinstance(node, ast.expr) and (field == "test" or (field, type(owner)) in {("ifs", ast.comprehension), ("guard", ast.match_case)}):
        yield from (_FALSE,) if isinstance(owner, ast.While) else (_TRUE, _FALSE)
    yield from _other_operators(node)
    yield from _other_values(node)
    yield from _shorter(node)


def _other_operators(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=ops):
            for number, operator in enumerate(ops):
                for other in _SWAPPED[type(operator)]:
                    yield _with(node, ops=[*ops[:number], other(), *ops[number + 1 :]])
        case ast.BoolOp(op=operator, values=values):
            yield _with(node, op=_SWAPPED[type(operator)][0]())
            lefts = (_without(values, number) for number in range(len(values)))
            yield from (_with(node, values=left) if len(left) > 1 else left[0] for left in lefts)
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in _SWAPPED:
            yield _with(node, op=_SWAPPED[type(operator)][0]())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMES:
            yield ast.Name(id=_NAMES[name], ctx=ast.Load())
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()


def _other_values(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=value):
            yield from (ast.Constant(value=other) for other in _other_constants(value))
        case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value) if not _is_none(value):
            yield _with(node, value=_NONE)
        case ast.Lambda(body=body) if not _is_none(body):
            yield _with(node, body=_NONE)


def _shorter(node: ast.AST) -> Iterator[ast.AST]:
    """Take one element, member, named argument or end away."""
    match node:
        case ast.Tuple(elts=[_, _, *_], ctx=ast.Load()) | ast.List(elts=[_, _, *_], ctx=ast.Load()) | ast.Set(elts=[_, _, *_]):
            yield from (_with(node, elts=_without(node.elts, number)) for number in range(len(node.elts)))
        case ast.Dict(keys=keys, values=values):
            yield from (_with(node, keys=_without(keys, number), values=_without(values, number)) for number in range(len(keys)))
        case ast.Call(keywords=keywords):
            yield from (_with(node, keywords=_without(keywords, number)) for number, keyword in enumerate(keywords) if keyword.arg)
        case ast.Slice(lower=lower, upper=upper):
            yield from (_with(node, **{name: None}) for name, end in (("lower", lower), ("upper", upper)) if end is not None)


def _other_constants(value: object) -> tuple[Any, ...]:
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1, value - 1)
        case str():
            return ("XX" + value,)
        case bytes():
            return (b"XX" + value,)
    return ()


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _without(values: list[Any], number: int) -> list[Any]:
    return values[:number] + values[number + 1 :]


def _with(node: ast.AST, **changed: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in changed.items():
        setattr(new, name, value)
    return new


_MOST = 72


def _told(old: str, new: str) -> str:
    """Say what becomes what; of long texts, the part that differs."""
    if max(len(old), len(new)) <= _MOST:
        return f"{old} -> {new}"
    start = max(_common(old, new) - 12, 0)
    end = max(min(_common(old[::-1], new[::-1]), len(old) - start, len(new) - start) - 12, 0)
    return f"{_part(old, start, end)} -> {_part(new, start, end)}"


def _common(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _part(text: str, start: int, end: int) -> str:
    part = text[start : len(text) - end]
    if len(part) > _MOST:
        part = f"{part[: _MOST // 2]}…{part[-_MOST // 2 :]}"
    return f"{'…' if start else ''}{part}{'…' if end else ''}"
