"""Everything there is to do with a fresh clone: ``python3 run.py demo``, ``python3 run.py test``.

Needs nothing but a Python. Any other word goes to the `guildhall` command: ``python3 run.py serve``.
It is written so that Pythons of ten years ago get as far as the sentence that says what is missing.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
LEAST = (3, 13)
QUIET = subprocess.DEVNULL
LOCKS = {"test": ["base", "dev", "bench"], "bench": ["base", "bench"]}
HOW_TO_GET_ONE = (
    "Guildhall needs Python 3.13 and found only {}: install it from python.org or with your system's "
    "packages, or install uv (docs.astral.sh/uv), which fetches it by itself; then run this again."
)


TOLD = []  # type: list[int]
"""The signals that have come."""
RUNNING = []  # type: list[subprocess.Popen[bytes]]
"""The step that is at work."""


def main(words: "list[str]") -> int:
    """Make the virtual environment if need be, and become the command that was asked for."""
    listen()
    if sys.version_info < LEAST:
        return start_again_with_newer(words)
    wants_tests = words[:1] == ["test"]
    trouble = trouble_with(LOCKS.get(words[0] if words else "", ["base"]))
    if TOLD:
        return 128 + TOLD[0]
    if trouble:
        return fail(trouble)
    return test(words[1:]) if wants_tests else become_the_command(words)


def trouble_with(names: "list[str]") -> str:
    """Install what the locks of these names say; what stands in the way, or nothing."""
    try:
        with alone():
            prepare(names)
    except Stopped:
        return "Stopped."
    except FileNotFoundError as error:
        return f"{error.filename or error} is missing: this clone is not whole."
    except OSError as error:
        return f"{error.filename or HERE} cannot be written ({error.strerror or error})."
    except subprocess.CalledProcessError:
        return "The libraries could not be installed; the reason stands above."
    return ""


def become_the_command(words: "list[str]") -> int:
    """Turn into `guildhall` in this very process, so that every signal reaches it; it does not come back."""
    path = os.pathsep.join(part for part in (str(HERE), os.environ.get("PYTHONPATH", "")) if part)
    environment = dict(os.environ, PYTHONPATH=path)
    return os.execve(str(PYTHON), [str(PYTHON), "-P", "-m", "guildhall", *words], environment)


def start_again_with_newer(words: "list[str]") -> int:
    """Find a newer Python and become it, or say how to get one."""
    script = str(Path(__file__).resolve())
    for candidate in (str(PYTHON), shutil.which("python3.13"), shutil.which("python3.14"), python_of_uv()):
        if candidate and works(candidate):
            os.execv(candidate, [candidate, script, *words])
    if TOLD:
        return 128 + TOLD[0]
    return fail(HOW_TO_GET_ONE.format(".".join(map(str, sys.version_info[:2]))))


def python_of_uv() -> str:
    """The Python 3.13 that uv has or fetches, or nothing."""
    uv = usable_uv()
    if not uv:
        return ""
    for fetch in (False, True):
        if fetch:
            do([uv, "python", "install", "3.13"])
        found = subprocess.Popen([uv, "python", "find", "3.13"], stdout=subprocess.PIPE, stderr=QUIET)
        answer = found.communicate()[0].decode().strip()
        if found.returncode == 0 and answer:
            return answer
    return ""


def works(python: "str | Path") -> bool:
    """Whether a program is a Python that is new enough: a shim may lead to nothing."""
    question = f"import sys; sys.exit(sys.version_info < {LEAST!r})"
    return succeeds([str(python), "-c", question])


def usable_uv() -> str:
    """Where uv is, if it does anything at all."""
    uv = shutil.which("uv") or ""
    return uv if uv and succeeds([uv, "--version"]) else ""


def succeeds(command: "list[str]") -> bool:
    """Whether a command ends well; its words are nobody's business."""
    try:
        return subprocess.call(command, stdout=QUIET, stderr=QUIET) == 0
    except OSError:
        return False


@contextmanager
def alone() -> "Iterator[None]":
    """Let a second start in this clone wait until the first has installed."""
    folder = os.open(str(HERE / "requirements"), os.O_RDONLY)
    try:
        while True:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if TOLD:
                    raise Stopped from None
                time.sleep(0.2)
            except OSError:
                break  # a disk that knows no locks
        yield
    finally:
        os.close(folder)


def prepare(names: "list[str]") -> None:
    """Install exactly what the locks say, with their hashes, unless that was done already."""
    locks = [HERE / "requirements" / (name + ".lock") for name in names]
    stamps = [VENV / (name + ".installed") for name in names]
    wanted = [hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks]
    if [text_of(stamp) for stamp in stamps] == wanted and works(PYTHON):
        return
    uv = usable_uv()
    if not works(PYTHON) or not (uv or succeeds([str(PYTHON), "-m", "pip", "--version"])):
        say("Making .venv …")
        if VENV.exists():
            shutil.rmtree(str(VENV))
        make = [uv, "venv", "--quiet", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        do_or_fail([*make, str(VENV)])
    say("Installing the libraries, once …")
    watched = sys.stderr.isatty()
    quiet = [] if watched else ["--quiet"]
    install = (
        [uv, "pip", "install", *quiet, "--python", str(PYTHON)]
        if uv
        else [str(PYTHON), "-m", "pip", "install", *quiet, "--disable-pip-version-check"]
    )
    asked = [word for lock in locks for word in ("-r", str(lock))]
    command = [*install, "--require-hashes", "--only-binary", ":all:", *asked]
    do_or_fail(command, Bar(sum(map(how_many, locks))) if watched and not uv else None)
    for stamp, fingerprint in zip(stamps, wanted):  # noqa: B905 - `strict` is younger than this file's readers
        stamp.write_text(fingerprint)


def how_many(lock: Path) -> int:
    """The libraries that a lock names, each on a line of its own before its hashes."""
    return len([line for line in lock.read_text().splitlines() if line[:1].isalnum()])


class Bar:
    """A bar for the person at the terminal, drawn from what pip says."""

    def __init__(self, total: int) -> None:
        self.total = max(total, 1)
        self.fetched = 0

    def hear(self, line: str) -> None:
        """Fetching is most of it, what comes after that is silent."""
        self.fetched += line.startswith("Collecting ")
        share = 0.75 * min(self.fetched / self.total, 1)
        sys.stderr.write("\r{:░<28} {:4.0%}".format("█" * round(28 * share), share))
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line for whatever comes next."""
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()


def text_of(path: Path) -> str:
    """What stands in a file, or nothing."""
    try:
        return path.read_text()
    except OSError:
        return ""


def test(words: "list[str]") -> int:
    """Every check that a change must pass, the quick ones first; with words, only pytest with those words."""
    steps = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports"],
        ["mypy"],
        ["pytest", "-n", "auto", "--dist", "loadgroup"],
    ]
    for tool, *arguments in [["pytest", *words]] if words else steps:
        say(" ".join(["──", tool, *arguments]))
        status = do([str(VENV / "bin" / tool), *arguments])
        if status:
            return status
    say("All is well.")
    return 0


class Stopped(Exception):  # noqa: N818 - it is no error
    """Somebody told us to stop."""


def listen() -> None:
    """Hear every word to stop, so that the step at work ends in order and no further one begins."""
    for word in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(word, pass_on)


def pass_on(number: int, _frame: object) -> None:
    """Pass a signal on as the one on which every tool cleans up; a terminal's has reached it already."""
    TOLD.append(number)
    if number != signal.SIGINT or not at_the_terminal():
        for process in RUNNING:
            process.send_signal(signal.SIGINT)


def at_the_terminal() -> bool:
    """Whether what is typed reaches us and the steps alike."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def do(command: "list[str]", bar: "Bar | None" = None) -> int:
    """Run one step to its end; the status of what was stopped if somebody told us to."""
    status = 0
    if not TOLD:
        process = subprocess.Popen(command, cwd=str(HERE), stdout=subprocess.PIPE if bar else None)
        RUNNING.append(process)
        if TOLD:  # it came in between
            process.send_signal(signal.SIGINT)
        if bar and process.stdout:
            for line in process.stdout:
                bar.hear(line.decode(errors="replace"))
            bar.end()
        status = process.wait()
        RUNNING.remove(process)
    return 128 + TOLD[0] if TOLD else status


def do_or_fail(command: "list[str]", bar: "Bar | None" = None) -> None:
    """Run one step of the preparations."""
    status = do(command, bar)
    if TOLD:
        raise Stopped
    if status:
        raise subprocess.CalledProcessError(status, command)


def say(sentence: str) -> None:
    """Speak to the person at the terminal."""
    print(sentence, file=sys.stderr)


def fail(sentence: str) -> int:
    """Speak, and give the status of a failure."""
    say(sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
