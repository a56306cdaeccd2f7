"""Everything there is to do with a fresh clone: ``python3 run.py demo``, ``python3 run.py test``.

Needs nothing but a Python. Any other word goes to the `guildhall` command: ``python3 run.py serve``.
It is written so that Pythons of ten years ago get as far as the sentence that says what is missing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

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


def main(words: list[str]) -> int:
    """Make the virtual environment if need be, and become the command that was asked for."""
    if sys.version_info < LEAST:
        return start_again_with_newer(words)
    wants_tests = words[:1] == ["test"]
    try:
        prepare(LOCKS.get(words[0] if words else "", ["base"]))
    except OSError as error:
        return fail(f"The folder {HERE} cannot be written ({error.strerror or error}).")
    except subprocess.CalledProcessError:
        return fail("The libraries could not be installed; the reason stands above.")
    if wants_tests:
        return test(words[1:])
    return become_the_command(words)


def become_the_command(words: list[str]) -> NoReturn:
    """Turn into `guildhall` in this very process, so that every signal reaches it; never returns."""
    path = os.pathsep.join(part for part in (str(HERE), os.environ.get("PYTHONPATH", "")) if part)
    os.execve(str(PYTHON), [str(PYTHON), "-m", "guildhall", *words], {**os.environ, "PYTHONPATH": path})


def start_again_with_newer(words: list[str]) -> int:
    """Find a newer Python and become it, or say how to get one."""
    script = str(Path(__file__).resolve())
    for candidate in (str(PYTHON), shutil.which("python3.13"), shutil.which("python3.14"), python_of_uv()):
        if candidate and works(candidate):
            os.execv(candidate, [candidate, script, *words])
    return fail(HOW_TO_GET_ONE.format(".".join(map(str, sys.version_info[:2]))))


def python_of_uv() -> str:
    """The Python 3.13 that uv has or fetches, or nothing."""
    uv = usable_uv()
    if not uv:
        return ""
    for fetch in (False, True):
        if fetch:
            subprocess.call([uv, "python", "install", "3.13"])
        found = subprocess.Popen([uv, "python", "find", "3.13"], stdout=subprocess.PIPE, stderr=QUIET)
        answer = found.communicate()[0].decode().strip()
        if found.returncode == 0 and answer:
            return answer
    return ""


def works(python: str | Path) -> bool:
    """Whether a program is a Python that is new enough: a shim may lead to nothing."""
    question = f"import sys; sys.exit(sys.version_info < {LEAST!r})"
    return succeeds([str(python), "-c", question])


def usable_uv() -> str:
    """Where uv is, if it does anything at all."""
    uv = shutil.which("uv") or ""
    return uv if uv and succeeds([uv, "--version"]) else ""


def succeeds(command: list[str]) -> bool:
    """Whether a command ends well; its words are nobody's business."""
    try:
        return subprocess.call(command, stdout=QUIET, stderr=QUIET) == 0
    except OSError:
        return False


def prepare(names: list[str]) -> None:
    """Install exactly what the locks say, with their hashes, unless that was done already."""
    locks = [HERE / "requirements" / f"{name}.lock" for name in names]
    stamps = [VENV / f"{name}.installed" for name in names]
    wanted = [hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks]
    if [text_of(stamp) for stamp in stamps] == wanted and works(PYTHON):
        return
    uv = usable_uv()
    if not works(PYTHON):
        say("Making .venv …")
        if VENV.exists():
            shutil.rmtree(str(VENV))
        make = [uv, "venv", "--quiet", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        subprocess.check_call([*make, str(VENV)])
    say("Installing the libraries, once …")
    install = (
        [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
        if uv
        else [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    )
    asked = [word for lock in locks for word in ("-r", str(lock))]
    subprocess.check_call([*install, "--require-hashes", "--only-binary", ":all:", *asked], cwd=str(HERE))
    for stamp, fingerprint in zip(stamps, wanted):  # noqa: B905 - `strict` is younger than this file's readers
        stamp.write_text(fingerprint)


def text_of(path: Path) -> str:
    """What stands in a file, or nothing."""
    try:
        return path.read_text()
    except OSError:
        return ""


def test(words: list[str]) -> int:
    """Every check that a change must pass, the quick ones first; with words, only pytest with those words."""
    steps = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports"],
        ["mypy"],
        ["pytest", "-n", "auto", "--dist", "loadgroup"],
    ]
    os.chdir(str(HERE))
    for tool, *arguments in [["pytest", *words]] if words else steps:
        say(" ".join(["──", tool, *arguments]))
        status = call_and_pass_signals([str(VENV / "bin" / tool), *arguments])
        if status:
            return status
    say("All is well.")
    return 0


def call_and_pass_signals(command: list[str]) -> int:
    """Run a step. A terminal's Ctrl-C reaches it without us; what is sent to us alone is passed on."""
    process = subprocess.Popen(command)

    def pass_on(number: int, _frame: object) -> None:
        process.send_signal(number)

    for word in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(word, pass_on)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # it heard it too, and will end by itself


def say(sentence: str) -> None:
    """Speak to the person at the terminal."""
    print(sentence, file=sys.stderr)


def fail(sentence: str) -> int:
    """Speak, and give the status of a failure."""
    say(sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
