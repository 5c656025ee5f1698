"""How much an archive may unpack into, whichever kind it is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from codes.errors import StoreError
from codes.upload_limits import limit

PIECE: Final = 1 << 20
"""Bytes unpacked and counted at a time."""


def check_unpacked(path: Path, unpacked: int, most: str, refusal: str) -> None:
    """Raise StoreError `refusal` when `unpacked` bytes are above the limit called `most`.

    They also are when far more than the file itself has: the sign of a bomb.
    """
    ratio = unpacked / max(path.stat().st_size, 1)
    too_dense = unpacked > limit("ratio_free_bytes") and ratio > limit("unpacked_ratio")
    if unpacked > limit(most) or too_dense:
        raise StoreError(
            refusal,
            path=path.name,
            seen=unpacked >> 20,
            ratio=round(ratio),
            limit=limit(most) >> 20,
            limit_ratio=limit("unpacked_ratio"),
        )
