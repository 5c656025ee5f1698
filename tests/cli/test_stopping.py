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
    arguments = [sys.executable, "-c", AT_WORK]
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
