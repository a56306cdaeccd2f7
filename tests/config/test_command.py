"""The command: every word has its module and explains itself; nothing ends in a traceback."""

import argparse
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from guildhall.config import preparing
from guildhall.config.command import COMMANDS, main, module_of, overview

ASKS_OTHERS = {"import", "export", "bench"}
"""Their arguments are those of other packages, which are read with the hall's settings."""

QUICK = {"create-operator": "it writes two rows"}
OPENS = {"serve", "demo"}


@pytest.mark.parametrize("word", sorted(COMMANDS.keys() - QUICK))
def test_whatever_may_take_long_shows_how_far_it_is(word: str) -> None:
    module = preparing if word in OPENS else module_of(word)
    parts: Mapping[str, str] = getattr(module, "PARTS", {})
    for work in [import_module(path) for path in parts.values()] or [module]:
        files = (
            Path(str(work.__file__)).parent.rglob("*.py") if hasattr(work, "__path__") else [work.__file__]
        )
        text = "".join(Path(str(file)).read_text() for file in files)
        assert re.search(r"\bwith .*Progress\(|options\.progress\(", text), work.__name__


@pytest.mark.parametrize("word", COMMANDS)
def test_every_word_has_its_module_and_says_what_it_does(word: str) -> None:
    module = module_of(word)
    assert module.__doc__
    assert module.__doc__.strip().endswith(".")
    if word not in ASKS_OTHERS:
        module.add_arguments(argparse.ArgumentParser())


def test_help_names_every_word_and_every_variable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said == overview() + "\n"
    for word in [*COMMANDS, "GUILDHALL_HOME", "GUILDHALL_DATABASE_URL", "GUILDHALL_MAIL_URL"]:
        assert word in said
    assert max(map(len, said.splitlines())) <= 120


def test_an_unknown_word_is_refused_with_those_that_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["frobnicate"])
    assert ended.value.code == 2
    assert "guildhall knows no command 'frobnicate'. It knows: demo, serve" in capsys.readouterr().err
