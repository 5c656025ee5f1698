"""Names as people type them."""

import pytest

from codes.messages import use_language
from codes.names import LONGEST, fold, index_names, listed, near_names

NAMES = index_names([("a", ["公共图书馆", "图书馆"]), ("b", ["图书馆分馆"]), ("c", ["幼儿园"])])


@pytest.mark.parametrize(
    ("seen", "folded"),
    [("  图 书 馆　", "图书馆"), ("ＡＢc（１）", "abc(1)"), ("", ""), ("\n\t", "")],
)
def test_a_name_is_folded(seen: str, folded: str) -> None:
    assert fold(seen) == folded


def test_one_name_for_two_codes_is_refused() -> None:
    with pytest.raises(ValueError, match="a, b"):
        index_names([("a", ["图书馆"]), ("b", ["图 书馆"])])


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        ("图书", ["a", "b"]),
        ("市图书馆", ["a", "b"]),
        ("幼稚园", ["c"]),
        ("", []),
        ("园", ["c"]),
        ("图书馆" * LONGEST, []),
    ],
)
def test_near_names_come_best_first(seen: str, codes: list[str]) -> None:
    assert near_names(seen, NAMES) == codes


def test_names_are_listed_in_the_language_in_use() -> None:
    assert (listed(["甲", "乙"]), listed([])) == ("甲、乙", "无")
    use_language("en")
    assert (listed(["甲", "乙"]), listed([])) == ("甲, 乙", "none")
