"""What every page is marked up with: ids of its own, links within it that lead somewhere."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.exports.site.conftest import Site
from tests.exports.site.test_pages import PAGES


@pytest.mark.parametrize("path", [*PAGES, "/dictionary", "/rules", "/fuwuma/facility"])
def test_an_id_stands_once_and_links_within_a_page_lead_somewhere(site: Site, path: str) -> None:
    body = site.get(path).text
    ids = Counter(re.findall(r'\sid="([^"]+)"', body))
    assert [name for name, times in ids.items() if times > 1] == []
    inside = re.findall(r'(?:href="#|for="|aria-labelledby=")([^"]+)"', body)
    assert set(inside) <= {*ids}, set(inside) - {*ids}


def test_chinese_in_an_english_table_is_marked(site: Site) -> None:
    cells = re.findall(r"<td[^>]*>(.*?)</td>", site.get("/fuwuma/facility?lang=en").text, re.S)
    chinese = [cell for cell in cells if re.search("[一-鿿]", cell)]
    assert len(chinese) > 20
    assert [cell for cell in chinese if 'lang="zh-CN"' not in cell] == []
    assert '<span lang="zh-CN">' not in site.get("/fuwuma/facility?lang=zh").text
