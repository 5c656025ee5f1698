"""The policy refuses what cannot be, as it is read; its values belong to its version."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

import cli.evaluate_print
import codes.policy
import registry.evaluation.wording
from codes.book import BOOKS_DIR, BookError
from codes.messages import LANGUAGES, speaking
from codes.policy import policy, read_policy
from codes.spec_check import check_spec
from codes.warning_colours import css_rules, warning_colours
from registry.evaluation.warnings import colour
from registry.evaluation.wording import colour_name, colour_sign

VERSIONS = Path(__file__).with_name("policy_versions.json")
Rows = list[dict[str, str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the two books that a band stands in."""
    for name in ("policy", "warning_colours"):
        shutil.copytree(BOOKS_DIR / name, tmp_path / name)
    return tmp_path


def change(root: Path, name: str, how: Callable[[Rows], Rows | None]) -> None:
    path = root / name / "rows.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    rows = how(rows) or rows
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def setting(code: str, value: str) -> Callable[[Rows], None]:
    def put(rows: Rows) -> None:
        next(row for row in rows if row["code"] == code)["value"] = value

    return put


def without(code: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row for row in rows if row["code"] != code]


def moved_up(code: str) -> Callable[[Rows], Rows]:
    return lambda rows: sorted(rows, key=lambda row: row["code"] != code)


WRONG = {
    "no number": (setting("achievement.cap", "one"), ("achievement.cap", "one")),
    "not finite": (setting("achievement.cap", "Infinity"), ("achievement.cap", "(0,)")),
    "a cap of 0": (setting("achievement.cap", "0"), ("achievement.cap", "(0,)")),
    "no draws": (setting("balance.bootstrap_draws", "0"), ("bootstrap_draws", "[1,100000]")),
    "half a draw": (setting("balance.bootstrap_draws", "2.5"), ("bootstrap_draws", "2.5")),
    "no logarithm": (setting("balance.log_base", "ten"), ("log_base", "ten", "e /")),
    "a base of 1": (setting("balance.log_base", "1"), ("log_base", "(1,)")),
    "certain": (setting("balance.confidence", "1"), ("confidence", "(0,1)")),
    "no such word": (setting("value.preferred", "reported"), ("computed / observed",)),
    "misspelt": (setting("warning.bottom_line_attribute", "约束"), ("约束性 / 预期性",)),
    "neither": (setting("warning.top_band_needs_met", "yes"), ("true", "false")),
    "empty": (setting("achievement.cap", ""), ("achievement.cap", "(0,)")),
    "no version": (setting("version", ""), ("version",)),
    "crossing": (setting("warning.band.green", "0.8"), ("green 0.8, yellow 0.85",)),
    "equal": (setting("warning.band.green", "1"), ("blue 1, green 1",)),
    "no worst": (setting("warning.band.red", "0.5"), ("red 0.5",)),
    "out of order": (moved_up("warning.band.red"), ("red -, blue 1",)),
    "too fine": (setting("warning.band.green", "0.9500001"), ("0.9500001", "6")),
    "out of reach": (setting("warning.band.blue", "11"), ("warning.band.blue", "11", "10")),
    "no grey": (without("warning.missing.grey"), ("missing", "0")),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_value_is_refused_as_the_book_is_read(kind: str, root: Path) -> None:
    how, words = WRONG[kind]
    change(root, "policy", how)
    with pytest.raises(BookError) as caught:
        read_policy(root)
    for lang in LANGUAGES:
        with speaking(lang):
            assert all(word in str(caught.value) for word in ("rows.csv", *words)), caught.value
    assert caught.value.message_id in {one.message_id for one in check_spec(root)}


def test_a_parameter_that_is_gone_is_missed_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes.policy, "policy", dict)
    with pytest.raises(BookError, match=r"achievement\.cap"):
        codes.policy.decimal_of("achievement.cap")


def test_a_new_colour_is_two_rows_of_data(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def band(rows: Rows) -> Rows:
        place = [row["code"] for row in rows].index("warning.band.red")
        purple = {**rows[place], "code": "warning.band.purple", "value": "0.5", "name_zh": "紫"}
        return [*rows[:place], purple, *rows[place:]]

    change(root, "policy", band)
    with pytest.raises(BookError, match=r"warning\.band\.purple"):
        read_policy(root)
    root = Path(shutil.copytree(root, root / "mended"))  # books are read once
    change(root, "warning_colours", lambda rows: [*rows, {**rows[0], "code": "purple"}])
    monkeypatch.setattr(codes.policy, "policy", lambda: read_policy(root))
    for module in (registry.evaluation.wording, cli.evaluate_print):
        monkeypatch.setattr(module, "warning_colours", lambda: warning_colours(root))
    codes.policy.bands.cache_clear()
    try:
        assert [colour(degree) for degree in (0.49, 0.5, 0.7)] == ["red", "purple", "orange"]
        with speaking("zh"):
            assert colour_name("purple") == "紫"
        assert "紫" in cli.evaluate_print.colours_shown({"purple": 2})
        assert colour_sign("purple") == "★"
    finally:
        codes.policy.bands.cache_clear()


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 counts it."""

    def light(hexadecimal: str) -> float:
        parts = [int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_colours_are_told_apart_and_read() -> None:
    found = warning_colours().values()
    assert len({one.sign for one in found}) == len(found)
    for one in found:
        assert contrast(one.pale, one.pale_ink) >= 4.5, one
        assert contrast(one.full, one.full_ink) >= 4.5, one
    assert css_rules("w-", "full").count(".w-") == len(found)


def test_other_values_are_another_version() -> None:
    """Changed a value? Give the policy a new version and add the digest this test prints."""
    rows = policy().values()
    values = [[row.code, row.value] for row in rows if row.code != "version"]
    digest = sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()
    known: dict[str, str] = json.loads(VERSIONS.read_text("utf-8"))
    assert known.get(str(policy()["version"].value)) == digest
    assert len(set(known.values())) == len(known)
