"""What a person reads of a check: counts as one writes them, and no waiting for a sure refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cli.upload_files_view import print_files
from cli.upload_view import print_report
from codes.errors import DataError
from codes.messages import speaking
from exports.reports.check_view import Refusal
from registry.bulk.report import CountedCause, CountedRows, LargeReport
from registry.uploads.check import check_file
from registry.uploads.findings import OUTCOMES, found
from tests.registry.uploads.conftest import csv_text, row

Fuwuma = Callable[..., tuple[int, str, str]]
MANY = 1_234_567


def large(path: Path) -> LargeReport:
    path.write_text(csv_text([row()]), "utf-8")
    source = check_file(path).source
    sheet = replace(source.sheets[0], rows=CountedRows(MANY))
    first = found(
        "element_required", "", 5, "name", place=("A", "设施名称"), expected_form=["B0101", "name"]
    )
    return LargeReport(
        replace(source, sheets=(sheet,)),
        MANY,
        (first,),
        dict.fromkeys(OUTCOMES, 0) | {"rejected": MANY},
        {},
        False,
        (),
        ("E0233010600017442",) * 12_345,
        causes=(CountedCause("element_required", "must", "name", (first,) * 5, MANY),),
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_counts_have_separators_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    report = large(tmp_path / "表.csv")
    with speaking(lang):
        print_report(report)
        print_files([report, Refusal("坏.csv", DataError("read.file_empty", path="坏.csv"))])
    said = capsys.readouterr().out
    assert said.count("1,234,567") >= 8 and "12,345" in said
    assert str(MANY) not in said and "12345" not in said


@pytest.mark.parametrize(
    ("command", "option", "place"),
    [
        ("check", "--report", "占着"),
        ("check", "--report", "占着/里面"),
        ("check", "--html", "没有/页.html"),
        ("submit", "--report", "占着"),
    ],
)
def test_a_report_that_cannot_be_written_is_told_before_the_work(
    fuwuma: Fuwuma,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    option: str,
    place: str,
) -> None:
    monkeypatch.setattr("cli.upload_check.check_files", pytest.fail)
    monkeypatch.setattr("cli.upload_submit.submit_files", pytest.fail)
    (tmp_path / "占着").write_text("报告", "utf-8")
    who = ["--department", "市教育局", "--by", "张三"] if command == "submit" else []
    code, out, err = fuwuma("upload", command, "表.csv", *who, option, str(tmp_path / place))
    assert (code, out) == (4, "")
    assert str(tmp_path / place) in err
    assert [one.name for one in tmp_path.iterdir()] == ["占着"]
