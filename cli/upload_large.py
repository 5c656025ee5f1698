"""Which engine checks a file for `fuwuma upload check`."""

from __future__ import annotations

from pathlib import Path

DUCKDB = "duckdb"
AUTO = "auto"


def is_for_duckdb(file: Path, engine: str) -> bool:
    """Say whether DuckDB checks the file: asked for, or too many rows for the other."""
    if engine != AUTO:
        return engine == DUCKDB
    from registry.bulk.choice import is_large

    return is_large(file)
