"""What a file of a release holds, for looking for words that must not be there."""

from __future__ import annotations

from pathlib import Path

import duckdb


def unpacked(path: Path) -> bytes:
    """The bytes of a file, and for Parquet, which is compressed, those of its values too."""
    if path.suffix != ".parquet":
        return path.read_bytes()
    rows = duckdb.read_parquet(str(path)).fetchall()
    return path.read_bytes() + "\n".join(str(cell) for row in rows for cell in row).encode()
