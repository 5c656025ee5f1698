"""A download that broke off is taken up where it stopped, by `curl -C -` for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports.site.conftest import Site

NAME = "fuwuma.sqlite"


@pytest.mark.parametrize("asked", ["0-99", "100-", "-7", "5-5", "3-999999999999"])
def test_a_part_is_sent(site: Site, release: Path, asked: str) -> None:
    whole = (release / NAME).read_bytes()
    first, last = asked.split("-")
    start = int(first) if first else len(whole) - int(last)
    end = min(int(last) + 1, len(whole)) if first and last else len(whole)
    answer = site.get(f"/download/{NAME}", range=f"bytes={asked}")
    assert answer.status_code == 206
    assert answer.content == whole[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(whole)}"
    assert answer.headers["content-length"] == str(end - start)


def test_two_parts_are_the_whole(site: Site, release: Path) -> None:
    head = site.get(f"/download/{NAME}", range="bytes=0-999")
    etag = head.headers["etag"]
    tail = site.get(f"/download/{NAME}", range="bytes=1000-", if_range=etag)
    assert head.content + tail.content == (release / NAME).read_bytes()
    other = site.get(f"/download/{NAME}", range="bytes=1000-", if_range='"of another release"')
    assert (other.status_code, len(other.content)) == (200, (release / NAME).stat().st_size)


@pytest.mark.parametrize("asked", ["bytes=99999999999-", "bytes=-0"])
def test_behind_the_end_is_nothing(site: Site, release: Path, asked: str) -> None:
    answer = site.get(f"/download/{NAME}", range=asked)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{(release / NAME).stat().st_size}"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=9-3", "bytes=", "x" * 5000])
def test_what_is_no_single_range_gets_the_whole(site: Site, release: Path, asked: str) -> None:
    answer = site.get(f"/download/{NAME}", range=asked)
    assert (answer.status_code, answer.headers["accept-ranges"]) == (200, "bytes")
    assert len(answer.content) == (release / NAME).stat().st_size


def test_of_the_head_alone_there_is_no_part(site: Site, release: Path) -> None:
    for asked in ("bytes=0-9", "bytes=99999999999-"):
        answer = site.get(f"/download/{NAME}", method="HEAD", range=asked)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str((release / NAME).stat().st_size)
        assert "content-range" not in answer.headers
