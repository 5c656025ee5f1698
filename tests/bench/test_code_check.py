"""`fuwuma code check` beside the mere import of the command-line parser it does without."""

import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

CODE = "E0233010600017406"
ROUNDS = 21


@pytest.mark.bench
def test_code_check_starts_within_twice_the_parsers_import():
    fuwuma = str(Path(sys.executable).with_name("fuwuma"))
    parser = _seconds([sys.executable, "-c", "import typer"])
    check = _seconds([fuwuma, "code", "check", CODE])
    ratio = check / parser
    print(f"\ncode check {check:.3f} s, import typer {parser:.3f} s, ratio {ratio:.2f}")  # noqa: T201
    assert ratio <= 2


def _seconds(command: list[str]) -> float:
    """Return the lower quartile of the runs, which other work on the machine disturbs least."""
    runs = []
    for _ in range(ROUNDS):
        start = perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        runs.append(perf_counter() - start)
    return sorted(runs)[ROUNDS // 4]
