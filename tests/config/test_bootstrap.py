"""`run.py` on a bare machine: any Python is told what is missing, what is half made is made anew, and whoever
is told to stop leaves nothing at work."""

import ast
import os
import pty
import re
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.running import ROOT, wait_until

OLD = ["3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with locks that ask for nothing and a command that says who it is."""
    shutil.copy(ROOT / "run.py", tmp_path)
    (tmp_path / "requirements").mkdir()
    for name in ("base", "dev", "bench"):
        (tmp_path / "requirements" / f"{name}.lock").write_text("# nothing\n")
    (tmp_path / "guildhall").mkdir()
    (tmp_path / "guildhall" / "__init__.py").touch()
    said = "import os, sys, time\nprint(os.getpid(), *sys.argv[1:], flush=True)\n"
    (tmp_path / "guildhall" / "__main__.py").write_text(said + "time.sleep(60 * ('wait' in sys.argv))\n")
    return tmp_path


def _environment(clone: Path, *beside: Path) -> dict[str, str]:
    """No uv and no other Python within reach."""
    return {"PATH": os.pathsep.join(map(str, [*beside, clone / "nothing"])), "HOME": str(clone)}


def _start(clone: Path, *words: str, python: str = sys.executable) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [python, str(clone / "run.py"), *words],
        env=_environment(clone, Path("/usr/bin"), Path("/bin")),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _run(clone: Path, *words: str) -> tuple[int | None, str, str]:
    process = _start(clone, *words)
    out, complaints = process.communicate(timeout=120)
    return process.returncode, out, complaints


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _made(clone: Path, installs: str = "exit 0") -> None:
    """An environment that is there, with nothing installed in it and programs that are only said to be."""
    _program(
        clone / ".venv" / "bin" / "python",
        f'case "$*" in *install*) {installs} ;; *guildhall*) exec {sys.executable} "$@" ;; esac; exit 0',
    )


def _pythons() -> list[str]:
    """Every older Python of this machine that works."""
    found = []
    for version in OLD:
        path = shutil.which(f"python{version}")
        asked = [path or sys.executable, "-c", "import sys; print(sys.executable)"]
        told = subprocess.run(asked, check=False, capture_output=True, text=True)
        if path and told.returncode == 0:
            found.append(told.stdout.strip())  # what a shim leads to
    return found


def test_it_is_written_so_that_old_pythons_can_read_it() -> None:
    text = (ROOT / "run.py").read_text()
    tree = ast.parse(text, feature_version=(3, 6))
    assert "from __future__" not in text  # the one for annotations is an error before 3.7
    new_in_annotations = (ast.Subscript, ast.BinOp)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            asked = [argument.annotation for argument in node.args.args] + [node.returns]
            assert not [each for each in asked if isinstance(each, new_in_annotations)], node.name
        assert not isinstance(node, ast.AnnAssign)


def test_every_older_python_of_this_machine_is_told_what_is_missing(clone: Path) -> None:
    for python in _pythons():
        told = subprocess.run(
            [python, str(clone / "run.py"), "demo"],
            env=_environment(clone),
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 1, told.stderr
        assert told.stderr.startswith("Guildhall needs Python 3.13 and found only 3."), told.stderr
        assert told.stderr.count("\n") == 1


def test_wrong_python_is_one_sentence_in_this_one_too(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    namespace: dict[str, object] = {"__name__": "run", "__file__": str(clone / "run.py")}
    exec(compile((clone / "run.py").read_text(), "run.py", "exec"), namespace)  # noqa: S102 - our own file
    monkeypatch.setenv("PATH", str(clone))
    start_again = namespace["start_again_with_newer"]
    assert callable(start_again)
    assert start_again(["demo"]) == 1
    assert capsys.readouterr().err.startswith("Guildhall needs Python 3.13 and found only 3.")


ASK_AGAIN = """
import sys
space = {"__name__": "run", "__file__": sys.argv[1]}
exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), space)
sys.exit(space["start_again_with_newer"](sys.argv[2:]))
"""


def _as_if_too_old(clone: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """What happens in a clone from the moment at which the Python that runs it was found to be too old."""
    return subprocess.run(
        [sys.executable, "-c", ASK_AGAIN, str(clone / "run.py"), *words],
        env=_environment(clone, clone / "bin"),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_newer_python_that_is_found_takes_over_with_every_word(clone: Path) -> None:
    shim, real = clone / "bin" / "python3.13", clone / "bin" / "python3.14"
    _program(shim, "exit 127")  # as a shim that leads to nothing
    _program(real, 'case "$1" in -c) exit 0 ;; esac; echo newer "$@"')
    taken = _as_if_too_old(clone, "demo", "--port", "9000")
    assert (taken.returncode, taken.stderr) == (0, "")
    assert taken.stdout == f"newer {clone / 'run.py'} demo --port 9000\n"
    _program(shim, 'case "$1" in -c) exit 0 ;; esac; echo wanted "$@"')
    assert _as_if_too_old(clone, "check").stdout == f"wanted {clone / 'run.py'} check\n"


def test_uv_is_asked_for_a_python_and_fetches_one(clone: Path) -> None:
    fetched = clone / "fetched" / "python"
    _program(
        clone / "bin" / "uv",
        f"""case "$1 $2" in
        "--version ") exit 0 ;;
        "python find") [ -e {fetched}.there ] && echo {fetched} || exit 1 ;;
        "python install") : > {fetched}.there ;;
        esac""",
    )
    _program(fetched, 'case "$1" in -c) exit 0 ;; esac; echo of uv "$@"')
    taken = _as_if_too_old(clone, "demo")
    assert (taken.returncode, taken.stdout) == (0, f"of uv {clone / 'run.py'} demo\n"), taken.stderr
    assert (clone / "fetched" / "python.there").exists()


def test_uv_makes_and_fills_the_environment_where_there_is_one(clone: Path) -> None:
    said = clone / "said"
    _program(
        clone / "bin" / "uv",
        f"""case "$1" in --version) exit 0 ;; esac
        echo "$@" >> {said}
        case "$1" in venv) exec {sys.executable} -m venv --without-pip "$5" ;; esac""",
    )
    made = subprocess.run(
        [sys.executable, str(clone / "run.py"), "check"],
        env=_environment(clone, clone / "bin"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert made.stdout.split()[1:] == ["check"]
    venv, filled = said.read_text().splitlines()
    assert venv == f"venv --quiet --python {sys.executable} {clone / '.venv'}"
    assert filled == (
        f"pip install --quiet --python {clone / '.venv' / 'bin' / 'python'} --require-hashes "
        f"--only-binary :all: -r {clone / 'requirements' / 'base.lock'}"
    )


def test_whoever_sits_at_a_terminal_sees_how_far_the_installing_is(clone: Path) -> None:
    (clone / "requirements" / "base.lock").write_text("a==1 \\\n    --hash=sha256:00\nb==2\n# end\n")
    _made(clone, "echo Collecting a==1; echo '  Downloading a'; echo Collecting b==2; exit 0")
    master, screen = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, str(clone / "run.py"), "check"],
            env=_environment(clone, Path("/usr/bin"), Path("/bin")),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=screen,
        )
        assert process.wait(60) == 0
        shown = os.read(master, 10_000).decode()
    finally:
        os.close(master)
        os.close(screen)
    assert shown.startswith("Installing the libraries, once …")
    assert re.findall(r" +(\d+)%", shown) == ["38", "38", "75"]
    assert shown.endswith("\r\x1b[2K")


def test_a_half_made_environment_is_made_anew_and_what_is_made_is_left_alone(clone: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", clone / ".venv"], check=True)
    status, out, complaints = _run(clone, "check", "--json")
    assert status == 0, complaints
    assert out.split()[1:] == ["check", "--json"]
    assert complaints.startswith("Making .venv …\nInstalling the libraries, once …\n")
    assert (clone / ".venv" / "bin" / "pip").exists()
    assert _run(clone, "check")[2] == ""


def test_it_becomes_the_command_so_that_signals_reach_it(clone: Path) -> None:
    _made(clone)
    process = _start(clone, "serve", "wait")
    assert process.stdout is not None
    assert process.stdout.readline().split() == [str(process.pid), "serve", "wait"]
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_who_stops_it_while_it_installs_stops_the_installing(clone: Path, word: signal.Signals) -> None:
    note = clone / "installing"
    _made(clone, f"echo $$ > {note}; exec sleep 600")
    process = _start(clone, "serve")
    wait_until(lambda: note.exists() and note.read_text().strip(), patience=20)
    process.send_signal(word)
    _out, complaints = process.communicate(timeout=20)
    assert process.returncode == 128 + word
    assert "Traceback" not in complaints
    assert not Path(f"/proc/{note.read_text().strip()}").exists()


def test_a_signal_between_two_steps_stops_the_run(clone: Path) -> None:
    _made(clone)
    _program(clone / ".venv" / "bin" / "ruff", "kill -TERM $PPID")
    status, _out, complaints = _run(clone, "test")
    assert status == 128 + signal.SIGTERM
    assert [line for line in complaints.splitlines() if line.startswith("──")] == ["── ruff check ."]


def test_a_step_that_fails_ends_the_run_with_its_status(clone: Path) -> None:
    _made(clone)
    _program(clone / ".venv" / "bin" / "pytest", "exit 3")
    assert _run(clone, "test", "tests/kernel")[0] == 3


def test_what_cannot_be_written_or_is_not_there_is_named(clone: Path) -> None:
    (clone / ".venv").touch()
    status, _out, complaints = _run(clone, "serve")
    assert status == 1
    assert complaints == f"Making .venv …\n{clone / '.venv'} cannot be written (Not a directory).\n"
    (clone / "requirements" / "base.lock").unlink()
    lock = clone / "requirements" / "base.lock"
    assert _run(clone, "serve")[2] == f"{lock} is missing: this clone is not whole.\n"


def test_a_second_start_waits_until_the_first_has_installed(clone: Path) -> None:
    count = clone / "count"
    _made(clone, f"echo x >> {count}; sleep 1; exit 0")
    both = [_start(clone, "check") for _each in range(2)]
    for process in both:
        _out, complaints = process.communicate(timeout=30)
        assert process.returncode == 0, complaints
    assert count.read_text() == "x\n"
