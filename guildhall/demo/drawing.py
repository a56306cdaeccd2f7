"""Small pictures for the sample hall's deliveries: a sheet of paper with a few shapes on it."""

import random
import struct
import zlib
from typing import Final

_WIDTH: Final = 320
_HEIGHT: Final = 200
_PAPER: Final = bytes((250, 247, 240))
_INKS: Final = tuple(
    bytes(ink) for ink in ((38, 50, 56), (176, 82, 52), (46, 110, 92), (198, 154, 62), (72, 84, 140))
)
_DOT: Final = 3  # bytes


def picture(draw: random.Random) -> bytes:
    """A PNG of rectangles in two inks, as `draw` wills it."""
    rows = [bytearray(_PAPER * _WIDTH) for _ in range(_HEIGHT)]
    inks = draw.sample(_INKS, 2)
    for _ in range(draw.randint(3, 6)):
        left, top = draw.randrange(20, _WIDTH - 100), draw.randrange(20, _HEIGHT - 70)
        width, height, ink = draw.randrange(30, 80), draw.randrange(20, 50), draw.choice(inks)
        for row in rows[top : top + height]:
            row[left * _DOT : (left + width) * _DOT] = ink * width
    lines = b"".join(b"\0" + row for row in rows)
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
