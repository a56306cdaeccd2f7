"""Call down, publish up, never sideways: who may import whom, and who writes which table."""

import ast

from django.apps import apps
from django.db.models import ForeignKey
from importlinter.cli import lint_imports

from tests.architecture.source import ROOT, Source, dotted, sources

WRITES = {
    *("create", "bulk_create", "get_or_create", "update_or_create"),
    *("update", "bulk_update", "save", "delete"),
}


def test_every_import_keeps_to_the_floors() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == 0


def _foreign_models(source: Source) -> dict[str, str]:
    """The models of other packages that a file knows, by the names it gives them."""
    found: dict[str, str] = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("guildhall."):
            _house, package, *rest = node.module.split(".")
            if rest[:1] == ["models"] and package != source.package:
                found |= {alias.asname or alias.name: package for alias in node.names}
    return found


def _writes(source: Source) -> list[str]:
    foreign = _foreign_models(source)
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            root = dotted(node.func).split(".")[0].removesuffix("()")
            if root in foreign:
                found.append(f"{source.name}:{node.lineno} writes {root} of {foreign[root]}")
    return found


def test_only_the_owning_package_writes_its_tables() -> None:
    assert [line for source in sources("guildhall") for line in _writes(source)] == []


def test_foreign_keys_between_packages_leave_no_trace_below() -> None:
    """`related_name="+"`: the lower package does not learn of the upper one through Django's back door."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("guildhall.")]
    for field in (field for model in ours for field in model._meta.get_fields()):
        if isinstance(field, ForeignKey):
            same = field.related_model._meta.app_label == field.model._meta.app_label
            assert same or field.remote_field.related_name == "+", str(field)


def test_no_lock_names_a_host() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert "/simple" not in text, lock.name
        for line in text.splitlines():
            assert line.startswith(("    --hash=sha256:", "#")) or "==" in line, f"{lock.name}: {line}"


def test_the_clone_carries_no_path_of_a_machine() -> None:
    strange = ("/root/", "/home/", "/work/", "/Users/")
    for path in (ROOT / "guildhall").rglob("*"):
        if path.suffix in {".py", ".html", ".css", ".js", ".toml", ".md"}:
            text = path.read_text()
            assert not [word for word in strange if word in text], str(path)


def test_every_folder_below_tests_mirrors_a_package() -> None:
    known = {path.name for path in (ROOT / "guildhall").iterdir()}
    known |= {"architecture", "builders", "doubles", "journeys", "proofs"}
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} <= known
