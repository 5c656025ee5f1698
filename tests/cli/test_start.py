"""What a command loads before it works: a small check must not wait for what it does not use."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HEADER = "设施名称,设施类型,区划代码,运营状态,数据日期,经度,纬度,坐标系\n"
ROW = "翠苑幼儿园,幼儿园,330106003,运营,2026-06-30,120.12,30.28,CGCS2000\n"

DATABASE = {"sqlalchemy", "sqlmodel", "alembic", "psycopg", "duckdb"}
WRITERS = {"xlsxwriter", "openpyxl", "jinja2", "rich.progress", "sqlglot", "datasette"}


def test_help_and_a_check_load_no_database(tmp_path: Path, migrated_sqlite: Path) -> None:
    """Nor does a check load one that compares with a registry: it reads the file of SQLite."""
    (tmp_path / "园.csv").write_text(HEADER + ROW, encoding="utf-8")
    shutil.copy(migrated_sqlite, tmp_path / "registry.db")
    heavy = DATABASE | WRITERS
    script = (
        "import sys; from cli.main import run\n"
        f"loaded = lambda: sorted({heavy!r} & set(sys.modules))\n"
        "print(run(['--help']), *loaded(), {'rich', 'pydantic', 'numpy'} & set(sys.modules))\n"
        "print(run(['upload', 'check', '园.csv', '--json']), loaded())\n"
        "print(run(['upload', 'check', '园.csv', '--json', '--db', 'registry.db']), loaded())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert "0 set()" in lines
    assert lines.count("1 []") == 2, lines[-1]  # what may be filled in is asked for
