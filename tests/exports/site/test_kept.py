"""Pages kept in memory: the least recently asked for make room."""

from __future__ import annotations

from exports.site.answers import Answer
from exports.site.kept import KEY_CHARACTERS, Kept

MOST = 5
"""So many pages of the tests are kept at a time."""


def _answer(length: int = 100, status: int = 200) -> Answer:
    return Answer(status, [(b"vary", b"cookie")], b"x" * length, b'"e"')


def _key(number: int) -> tuple[str, ...]:
    return (f"/code/{number:03}", "zh")


def _full() -> Kept:
    """With as many pages as it holds, from 0."""
    one = Kept(1_000_000)
    one.put(_key(0), _answer())
    kept = Kept(MOST * one.bytes)
    for number in range(MOST):
        kept.put(_key(number), _answer())
    assert kept.bytes == kept.most_bytes
    return kept


def test_a_full_memory_drops_one_page_for_each_new_one() -> None:
    kept = _full()
    for number in range(MOST, 10 * MOST):
        kept.put(_key(number), _answer())
        assert [*kept.answers] == [_key(one) for one in range(number - MOST + 1, number + 1)]
        assert kept.bytes == kept.most_bytes


def test_what_was_asked_for_again_stays_longer() -> None:
    kept = _full()
    assert kept.get(_key(0)) == _answer()
    kept.put(_key(MOST), _answer())
    assert kept.get(_key(0)) == _answer()
    assert kept.get(_key(1)) is None


def test_only_pages_made_well_and_not_too_long_are_kept() -> None:
    kept = Kept(160_000)
    kept.put(_key(0), _answer(10_001))
    kept.put(_key(1), _answer(status=404))
    kept.put(("x" * (KEY_CHARACTERS + 1),), _answer())
    assert (kept.bytes, len(kept.answers)) == (0, 0)
    kept.put(_key(0), _answer(10_000))
    size = kept.bytes
    kept.put(_key(0), _answer(1))
    assert (kept.bytes, kept.get(_key(0))) == (size, _answer(10_000))
