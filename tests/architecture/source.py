"""The tree as the architecture tests see it: files, syntax and who defines what."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "guildhall"


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def package(self) -> str:
        """The package of the house that it belongs to, or nothing."""
        parts = self.path.relative_to(ROOT).parts
        return parts[1] if parts[0] == "guildhall" and len(parts) > 2 else ""

    @property
    def lines(self) -> int:
        return len(self.path.read_text().splitlines())

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file of these folders but migrations, which a command writes."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(Source(path) for path in found if "migrations" not in path.parts)


def actions() -> Iterator[tuple[Source, ast.FunctionDef]]:
    """Every public function of every package's actions, where the house keeps its verbs."""
    for source in sources("guildhall"):
        inside = source.path.relative_to(PACKAGE).parts
        if "actions" in inside or inside[-1] == "actions.py":
            for node in source.tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield source, node


def dotted(node: ast.expr) -> str:
    """A chain of names and calls as text: ``Job.objects.filter().update``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    if isinstance(node, ast.Subscript):
        return f"{dotted(node.value)}[]"
    return "?"
