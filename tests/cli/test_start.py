"""What a command loads before it works: a small check must not wait for what it does not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEADER = "设施名称,设施类型,区划代码,运营状态,数据日期,经度,纬度,坐标系\n"
ROW = "翠苑幼儿园,幼儿园,330106003,运营,2026-06-30,120.12,30.28,CGCS2000\n"

DATABASE = {"sqlalchemy", "sqlmodel", "alembic", "psycopg", "duckdb"}
WRITERS = {"xlsxwriter", "openpyxl", "jinja2", "rich.progress", "sqlglot", "datasette"}


def test_help_and_a_check_without_a_registry_load_no_database(tmp_path: Path) -> None:
    (tmp_path / "园.csv").write_text(HEADER + ROW, encoding="utf-8")
    heavy = DATABASE | WRITERS
    script = (
        "import sys; from cli.main import run\n"
        f"loaded = lambda: sorted({heavy!r} & set(sys.modules))\n"
        "print(run(['--help']), *loaded(), {'rich', 'pydantic', 'numpy'} & set(sys.modules))\n"
        "print(run(['upload', 'check', '园.csv', '--json']), loaded())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert "0 set()" in lines
    assert lines[-1] == "1 []", lines[-1]  # what may be filled in is asked for
