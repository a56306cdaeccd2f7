"""The chain over the books, reckoned outside the database: by whoever holds an export and trusts nobody.

A movement's *digest* is the SHA-256 of its text, a *seal* covers some movements that follow each other, and a
*head* stands for everything up to there: ``head = SHA-256(head before ‖ SHA-256(digests) ‖ last number)``.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Verdict:
    """What reading an export through has shown so far.

    Args:
        movements: how many were read.
        seals: how many seals were read.
        head: the last head, in hexadecimal digits; empty before the first seal.
        unsealed: how many movements came after it.
        wrong: what does not fit, a sentence each.
        heads: every head, so that one published earlier can be looked for.
    """

    movements: int = 0
    seals: int = 0
    head: str = ""
    unsealed: int = 0
    wrong: list[str] = field(default_factory=list)
    heads: set[str] = field(default_factory=set)


def verdict_on(lines: Iterable[str]) -> Verdict:
    """Reckon the chain of an export again, line by line.

    Args:
        lines: what ``export ledger --format ndjson`` wrote: movements, and each seal behind its last one.
    """
    verdict = Verdict()
    digests: list[bytes] = []
    for number, line in enumerate(lines, start=1):
        try:
            thing = json.loads(line)
            if "seal" not in thing:
                digests.append(hashlib.sha256(text_of_movement(thing).encode()).digest())
                verdict.movements += 1
                continue
            wrong = _what_is_wrong_with(thing, digests, verdict.head)
            verdict.head = str(thing["head"])
        except (ValueError, KeyError, TypeError):
            verdict.wrong.append(f"Line {number} is neither a movement nor a seal.")
            continue
        if wrong:
            verdict.wrong.append(f"Line {number}: {wrong}")
        verdict.heads.add(verdict.head)
        verdict.seals += 1
        digests.clear()
    verdict.unsealed = len(digests)
    return verdict


def _what_is_wrong_with(seal: Mapping[str, Any], digests: list[bytes], before: str) -> str:
    if len(digests) != seal["movements"]:
        return f"the seal covers {seal['movements']} movements, and {len(digests)} stand before it."
    through = int(seal["seal"]).to_bytes(8, "big", signed=True)
    digest = hashlib.sha256(b"".join(digests)).digest()
    if hashlib.sha256(bytes.fromhex(before) + digest + through).hexdigest() != seal["head"]:
        return "the movements before this seal are not those it was made of."
    return ""


def text_of_movement(movement: Mapping[str, Any]) -> str:
    """Every fact of an exported movement and its postings, a line each: what the database digests."""
    microseconds = (datetime.fromisoformat(movement["at"]) - _EPOCH) // timedelta(microseconds=1)
    return "\n".join(
        [
            str(movement["movement"]),
            _as_json(movement["kind"]),
            _as_json(movement["key"]),
            movement["by"] or "-",
            str(microseconds),
            _as_json(movement["facts"]),
            str(movement["reverses"] or "-"),
            *(
                f"{step} {one['source']} {one['target']} {one['minor']} {one['currency']}"
                for step, one in enumerate(movement["postings"], start=1)
            ),
        ]
    )


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
