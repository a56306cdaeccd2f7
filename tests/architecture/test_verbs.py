"""Verbs: one name in the whole house, keywords only, one transaction; and one door for state."""

import ast
from collections import defaultdict

from guildhall.config.schedule import SCHEDULE
from tests.architecture.source import Source, actions, dotted, sources


def _is_atomic(verb: ast.FunctionDef) -> bool:
    return any(dotted(each).startswith("transaction.atomic") for each in verb.decorator_list)


VERBS = [(source, verb) for source, verb in actions() if _is_atomic(verb)]
"""What is one transaction is a verb; other functions beside it serve several verbs within theirs."""


def test_every_verb_has_a_name_of_its_own() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for source, verb in VERBS:
        homes[verb.name].append(source.name)
    assert len(homes) > 50
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_verbs_take_keywords() -> None:
    assert [f"{source.name}: {verb.name}" for source, verb in VERBS if verb.args.args] == []


def test_what_a_door_calls_is_one_transaction() -> None:
    """Doors call verbs and questions, never what serves verbs within their transaction."""
    atomic = {verb.name for _source, verb in VERBS}
    inner = {verb.name for _source, verb in actions() if {"by", "at"} <= _names(verb)} - atomic
    called = [
        f"{source.name}:{node.lineno} calls {dotted(node.func)}"
        for source in sources("guildhall/web", "guildhall/api")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and dotted(node.func) in inner
    ]
    assert called == []


def _names(verb: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in verb.args.kwonlyargs}


STATE = {"state", "moved_at"}


def _state_writes(source: Source) -> list[str]:
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in STATE:
            found.append(f"{source.name}:{node.lineno} assigns {dotted(node)}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {keyword.arg for keyword in node.keywords}
            if node.func.attr == "update" and given & STATE:
                found.append(f"{source.name}:{node.lineno} updates state")
            if _saved_fields(node) & STATE:
                found.append(f"{source.name}:{node.lineno} saves state")
    return found


def _saved_fields(call: ast.Call) -> set[object]:
    named = [
        each for keyword in call.keywords if keyword.arg == "update_fields" for each in ast.walk(keyword)
    ]
    return {each.value for each in named if isinstance(each, ast.Constant)}


def test_state_moves_through_one_door() -> None:
    written = [
        line
        for source in sources("guildhall")
        if source.name != "guildhall/kernel/states.py"
        for line in _state_writes(source)
    ]
    assert written == []


def test_every_background_function_is_in_the_schedule() -> None:
    scheduled = {(work.do.__module__, work.do.__name__) for work in SCHEDULE}
    for source in sources("guildhall"):
        if source.path.name == "background.py":
            module = source.name.removesuffix(".py").replace("/", ".")
            for node in source.tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    assert (module, node.name) in scheduled
                    assert [argument.arg for argument in node.args.kwonlyargs] == ["at"]


def test_domain_code_is_told_the_time() -> None:
    """The edge and the worker read a clock; whatever decides is told."""
    readers = {"config", "edge", "web", "api", "bench", "demo"}
    clocks = {"timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    found = [
        f"{source.name}:{node.lineno}"
        for source in sources("guildhall")
        if source.package not in readers
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and dotted(node.func) in clocks
    ]
    assert found == []


def test_no_signals_and_no_hidden_saves() -> None:
    for source in sources("guildhall"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in {"django.dispatch", "django.db.models.signals"}, source.name
        if source.path.name == "models.py":
            assert [each.name for each in source.functions() if each.name in {"save", "delete"}] == []
