"""A program that is told to end leaves nothing on disk and ends as it was told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

AT_WORK = """
import time
from tempfile import TemporaryDirectory
from cli import main

def work(_arguments):
    with TemporaryDirectory(prefix="fuwuma-"):
        print("inside", flush=True)
        time.sleep(60)

main._run = work
main.main([])
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_told_to_end_it_takes_away_what_it_kept(name: str, tmp_path: Path) -> None:
    # the tests may have been started where the signal is ignored, which a program keeps
    heeding = f"import signal; signal.signal(signal.{name}, signal.SIG_DFL)\n"
    arguments = [sys.executable, "-c", heeding + AT_WORK]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)}, text=True,
    ) as program:  # fmt: skip
        assert program.stdout is not None
        assert program.stdout.readline() == "inside\n"
        assert len(list(tmp_path.iterdir())) == 1
        program.send_signal(signal.Signals[name])
        rest, said = program.communicate(timeout=20)
    assert (rest, said) == ("", "")
    assert list(tmp_path.iterdir()) == []
    assert program.returncode == -signal.Signals[name]


def test_what_is_ignored_stays_ignored() -> None:
    """As `nohup` has it, which is to let the work go on when the terminal is closed."""
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    told = AT_WORK.replace("time.sleep(60)", "signal.raise_signal(signal.SIGHUP); return 3")
    done = subprocess.run([sys.executable, "-c", ignoring + told], check=False, capture_output=True)
    assert done.returncode == 3


IN_A_QUERY = """
import signal, threading
from pathlib import Path
from cli import main
from registry.bulk.engine import engine

signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)

def work(_arguments):
    with engine(Path(), "list.csv", in_memory=True) as connection:
        connection.execute("SET threads = 1")
        threading.Timer(0.1, signal.raise_signal, [signal.{name}]).start()
        connection.execute("SELECT sum(hash(range)) FROM range(100_000_000_000)").fetchall()

main._run = work
main.main([])
"""


@pytest.mark.parametrize(
    ("name", "code", "said"), [("SIGINT", 130, "中断"), ("SIGTERM", -signal.SIGTERM, "")]
)
def test_a_query_of_duckdb_is_ended_as_all_else(name: str, code: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_A_QUERY.format(name=name)],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr if said else not done.stderr


INTERRUPTED_WHILE_LOADING = """
import signal, sys

# as from a terminal, also where the tests were started in the background
signal.signal(signal.SIGINT, signal.default_int_handler)

class Presses:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)

import importlib, cli
sys.meta_path.insert(0, Presses())
importlib.import_module("cli.main").main(["upload", "check", "none.csv"])
"""


@pytest.mark.parametrize(
    "module", ["cli.main", "cli.stopping", "codes.messages", "cli.app", "cli.upload_check"]
)
def test_interrupted_while_it_loads_it_ends_without_a_traceback(module: str) -> None:
    script = INTERRUPTED_WHILE_LOADING.format(module=module)
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert done.returncode in (130, -signal.SIGINT)  # a shell says 130 of both
    assert "Traceback" not in done.stderr and "KeyboardInterrupt" not in done.stderr
    assert done.stdout == ""


def test_any_other_fault_while_it_loads_is_not_hidden() -> None:
    script = "import cli; raise RuntimeError('seen')"
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert b"RuntimeError: seen" in done.stderr
