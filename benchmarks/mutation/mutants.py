"""Mutants of a module: its syntax tree with one operator, constant, call or statement changed.

Left alone is what no test should hold: docstrings, annotations, decorators, and the names that
`TypeVar` and its like are given.
"""

import ast
import copy
from collections.abc import Iterator
from typing import Final, NamedTuple

COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
CALLS: Final = {
    "max": "min", "min": "max", "any": "all", "all": "any",
    "sorted": "list", "reversed": "list", "round": "float",
    "bisect_right": "bisect_left", "bisect_left": "bisect_right",
}  # fmt: skip
NAMED_ONLY: Final = ("TypeVar", "NewType", "ParamSpec")


class Mutant(NamedTuple):
    """A module with one change: where it is, and what it was and became."""

    line: int
    was: str
    became: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module.

    >>> [found.became for found in mutants("def older(a, b):\\n    return a > b\\n")]
    ['a >= b', 'a <= b']
    """
    tree = ast.parse(source)
    alone = {id(inner) for node in ast.walk(tree) for part in _not_behaviour(node)
             for inner in ast.walk(part)}  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in alone or not isinstance(node, ast.expr | ast.stmt | ast.comprehension):
            continue
        for other in _others(node):
            # The copy of the tree has the other node wherever this one was.
            mutated = copy.deepcopy(tree, {id(node): ast.copy_location(other, node)})
            line = node.target.lineno if isinstance(node, ast.comprehension) else node.lineno
            yield Mutant(line, _text(node), _text(other), ast.fix_missing_locations(mutated))


def _not_behaviour(node: ast.AST) -> Iterator[ast.AST]:
    """Parts of a node that say what it is, and do nothing."""
    match node:
        case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef():
            yield from node.decorator_list
        case ast.Call(func=ast.Name(id=name)) if name in NAMED_ONLY:
            yield node
        case ast.Subscript(value=ast.Name(id="Literal")):
            yield node
    for field in ("annotation", "returns"):
        if (said := getattr(node, field, None)) is not None:
            yield said
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            yield node


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a node's place, in one mutant each."""
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                for other in COMPARISONS[type(operator)]:
                    yield _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
        case ast.BinOp() | ast.AugAssign() if type(node.op) in OPERATORS:
            yield _with(node, op=OPERATORS[type(node.op)]())
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield _with(node, func=ast.Name(CALLS[name], ast.Load()))
        case ast.Constant():
            yield from (_with(node, value=other) for other in _other_values(node.value))
        case ast.IfExp():
            yield _with(node, body=node.orelse, orelse=node.body)
        case ast.If() | ast.While() if not isinstance(node.test, ast.Compare):
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.comprehension(ifs=[_, *_]):
            yield _with(node, ifs=[])


def _with(node: ast.AST, **changes: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in changes.items():
        setattr(other, name, value)
    return other


def _other_values(value: object) -> tuple[object, ...]:
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1,)
        case float():
            return (value * 1.25 or 1.0,)
        case str() if value:
            return (f"XX{value}",)
    return ()


def _text(node: ast.AST) -> str:
    """The first line of its source."""
    return ast.unparse(node).strip().split("\n")[0]
