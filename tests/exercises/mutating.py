"""Random wrong answers: right ones with small edits in their code."""

import ast
import copy

SWAPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.MatMult: ast.Mult}
OTHER_NAME = {"sum": "mean", "mean": "sum", "exp": "log", "log": "log2", "trace": "sum", "logdet": "det"}


class Edit(ast.NodeTransformer):
    """Change the node number `at`, of those that can be changed, in a way drawn from `rng`."""

    def __init__(self, at, rng, names):
        self.at, self.rng, self.names, self.seen = at, rng, names, 0

    def here(self):
        self.seen += 1
        return self.seen == self.at + 1

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if not self.here():
            return node
        left, right, op = node.left, node.right, type(node.op)
        ways = [left, right, ast.BinOp(right, node.op, left)]
        if op in SWAPPED:
            ways += 2 * [ast.BinOp(left, SWAPPED[op](), right)]
        return self.rng.choice(ways)

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        return node.operand if self.here() else node

    def visit_Constant(self, node):
        if isinstance(node.value, str | bool | None) or not self.here():
            return node
        return ast.Constant(self.rng.choice([0, 1, 2, 0.5, -node.value]))

    def visit_Name(self, node):
        if node.id not in self.names or not self.here():
            return node
        return ast.Name(self.rng.choice(self.names), node.ctx)

    def visit_Attribute(self, node):
        self.generic_visit(node)
        return node.value if node.attr == "T" and self.here() else node

    def visit_Call(self, node):
        self.generic_visit(node)
        if not isinstance(node.func, ast.Attribute) or not self.here():
            return node
        of_torch = isinstance(node.func.value, ast.Name) and node.func.value.id == "torch"
        inside = node.args[0] if node.args and of_torch else node.func.value
        ways = [inside]
        if node.func.attr in OTHER_NAME:
            func = ast.Attribute(node.func.value, OTHER_NAME[node.func.attr], ast.Load())
            ways += [ast.Call(func, node.args, node.keywords)]
        if node.args:
            ways += [ast.Call(node.func, node.args[::-1], node.keywords)]
        if node.func.attr in ("sum", "mean") and not of_torch:
            ways += [ast.Call(node.func, [ast.Constant(0)], []), ast.Call(node.func, [], [])]
        return self.rng.choice(ways)


def mutants(source, rng, count, scope):
    """Yield different functions, with their code, that are made from the source of one by one to three edits."""
    tree = ast.parse(source)
    names, seen = [a.arg for a in tree.body[0].args.args], {ast.unparse(tree)}
    for _ in range(count):
        changed = copy.deepcopy(tree)
        for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
            body = changed.body[0].body
            k = rng.randrange(len(body))
            counter = Edit(-1, rng, names)
            counter.visit(copy.deepcopy(body[k]))
            body[k] = Edit(rng.randrange(max(counter.seen, 1)), rng, names).visit(body[k])
        text = ast.unparse(ast.fix_missing_locations(changed))
        if text not in seen:
            seen.add(text)
            scope = dict(scope)
            exec(text, scope)
            yield scope[tree.body[0].name], text
