"""A command that checks does without the collector of cycles, for it makes none."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from registry.collector import collector_paused
from registry.uploads.check import check_file
from tests.bench.bulk.rows import BREAKERS, write_csv


def test_rows_that_were_checked_go_without_the_collector(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "表.csv", len(BREAKERS), 1.0)
    check_file(path)  # what is kept for good is made once
    gc.collect()
    with collector_paused():
        assert not gc.isenabled()
        check_file(path)
        assert gc.collect() < len(BREAKERS)


def test_it_is_as_it_was_when_a_command_ends() -> None:
    with pytest.raises(ValueError), collector_paused():
        raise ValueError
    assert gc.isenabled()
