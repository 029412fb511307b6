"""Spoils a piece of code in one place at a time: every way in which a student's answer may be nearly right."""

import ast
import copy
import difflib

OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
             ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.BitOr: ast.BitAnd}
COMPARISONS = {ast.Lt: (ast.LtE, ast.Gt), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE), ast.LtE: (ast.Lt,),
               ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.Is: (ast.IsNot,)}
CALLS = {"min": ("max",), "max": ("min",), "sum": ("len", "max"), "sorted": ("list",), "abs": ("float",),
         "ceil": ("int",),
         "sqrt": ("float",), "len": ("sum",), "any": ("all",), "sigmoid": ("tanh", "relu"), "relu": ("sigmoid",),
         "log": ("log2", "exp"), "exp": ("expm1",), "mean": ("sum", "min"), "stdev": ("fmean",), "fmean": ("max",),
         "index": ("count",), "backward": ("item",), "step": ("zero_grad",), "randperm": ("arange",)}


def mutants(code, constants=()):
    """Yield (what was changed, the spoiled code); `constants` are also returned in place of what is computed."""
    tree = ast.parse(code)
    plain = ast.unparse(tree).splitlines()
    for number, node in enumerate(ast.walk(tree)):
        for change in _changes(node, constants):
            spoiled = copy.deepcopy(tree)
            change(list(ast.walk(spoiled))[number])
            text = ast.unparse(ast.fix_missing_locations(spoiled))
            lines = [line for line in difflib.ndiff(plain, text.splitlines()) if line[0] in "+-"]
            if lines:
                yield " ".join(line[0] + line[1:].strip() for line in lines), text


def _changes(node, constants):
    """Yield functions that spoil a node like this one in place."""
    for field in ("body", "orelse"):
        body = getattr(node, field, None)
        if isinstance(body, list):
            yield from _of_statements(field, body)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield lambda one: setattr(one, "op", OPERATORS[type(one.op)]())
        if not isinstance(node.op, (ast.Add, ast.Mult)):
            yield lambda one: one.__dict__.update(left=one.right, right=one.left)
    if isinstance(node, ast.Compare):
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield lambda one, other=other: setattr(one, "ops", [other()])
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float, str)):
        for value in _other_values(node.value):
            yield lambda one, value=value: setattr(one, "value", value)
    if isinstance(node, (ast.If, ast.IfExp)):
        for value in (True, False):
            yield lambda one, value=value: setattr(one, "test", ast.Constant(value))
    if isinstance(node, ast.Return) and node.value:
        for value in constants:
            yield lambda one, value=value: setattr(one, "value", ast.parse(repr(value), mode="eval").body)
    if isinstance(node, ast.Slice):
        for end in ("lower", "upper"):
            yield lambda one, end=end: setattr(one, end, None)
    if isinstance(node, ast.comprehension) and node.ifs:
        yield lambda one: setattr(one, "ifs", [])
    if isinstance(node, ast.Call):
        name = "attr" if isinstance(node.func, ast.Attribute) else "id"
        for other in CALLS.get(getattr(node.func, name, None), ()):
            yield lambda one, other=other, name=name: setattr(one.func, name, other)
        if len(node.args) == 2 and getattr(node.func, name, None) not in ("min", "max", "zip"):
            yield lambda one: one.args.reverse()
        if node.keywords:
            yield lambda one: one.keywords.pop()
    for field, value in ast.iter_fields(node):  # f(x) becomes x, x.f() becomes x, -x becomes x
        inner = value if isinstance(value, (ast.Call, ast.UnaryOp)) and not isinstance(node, ast.Expr) else None
        if isinstance(inner, ast.UnaryOp):
            yield lambda one, field=field: setattr(one, field, getattr(one, field).operand)
        elif inner and isinstance(inner.func, ast.Attribute) and not inner.args:
            yield lambda one, field=field: setattr(one, field, getattr(one, field).func.value)
        elif inner and len(inner.args) == 1:
            yield lambda one, field=field: setattr(one, field, getattr(one, field).args[0])


def _of_statements(field, body):
    for place, statement in enumerate(body):
        if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
            continue
        yield lambda one, place=place: getattr(one, field).__setitem__(place, ast.Pass())
        if place + 1 < len(body):
            yield lambda one, place=place: getattr(one, field).insert(place, getattr(one, field).pop(place + 1))


def _other_values(value):
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, str):
        return (value + "x",)
    return (value + 1, value - 1, value * 2, 0) if value else (1, -1)
