from __future__ import annotations

import pytest

from registry.synthetic.city import SyntheticCity, make_city

SIZE = 420


@pytest.fixture(scope="session")
def clean_city() -> SyntheticCity:
    return make_city(7, SIZE, dirt=False)


@pytest.fixture(scope="session")
def dirty_city() -> SyntheticCity:
    return make_city(7, SIZE)
