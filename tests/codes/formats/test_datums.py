"""GCJ02 and BD09 against another's code (prcoords), and there and back again."""

import numpy as np
import prcoords
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codes.datums import DATUMS, UNKNOWN, from_cgcs2000, to_cgcs2000
from codes.errors import DataError
from codes.value_lists import open_values

ORACLES = {"GCJ02": prcoords.wgs_gcj, "BD09": prcoords.wgs_bd}
METRES_PER_DEGREE = 111_320
# a double near 128 degrees can tell 3.2e-9 m apart; so close is as close as it gets
LAST_BITS_M = 1e-8


@pytest.fixture(scope="module")
def china() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(20261122)
    return random.uniform(73, 135, 3000), random.uniform(3.5, 54, 3000)


@pytest.mark.parametrize("datum", ORACLES)
def test_shift_is_the_oracles(datum, china):
    lon, lat = china
    expected = np.array([ORACLES[datum]((y, x)) for x, y in zip(lon, lat, strict=True)])
    east, north = from_cgcs2000(lon, lat, datum)
    assert np.abs(east - expected[:, 1]).max() * METRES_PER_DEGREE < LAST_BITS_M
    assert np.abs(north - expected[:, 0]).max() * METRES_PER_DEGREE < LAST_BITS_M


@pytest.mark.parametrize("datum", ORACLES)
def test_oracles_shift_is_undone(datum, china):
    lon, lat = china
    shifted = np.array([ORACLES[datum]((y, x)) for x, y in zip(lon, lat, strict=True)])
    east, north = to_cgcs2000(shifted[:, 1], shifted[:, 0], datum)
    assert np.abs(east - lon).max() * METRES_PER_DEGREE < LAST_BITS_M
    assert np.abs(north - lat).max() * METRES_PER_DEGREE < LAST_BITS_M


@pytest.mark.parametrize("datum", ["CGCS2000", "WGS84"])
def test_taken_as_the_same(datum, china):
    lon, lat = china
    east, north = to_cgcs2000(lon, lat, datum)
    assert (east == lon).all()
    assert (north == lat).all()


@given(st.floats(73, 135), st.floats(4, 53), st.sampled_from(["GCJ02", "BD09"]))
@example(105.0, 35.0, "GCJ02")
@example(105.0, 35.0, "BD09")
def test_there_and_back(lon, lat, datum):
    # on the lines 105 E and 35 N the formula has a square root of nothing, and loses a few digits
    close_m = 1e-6
    east, north = to_cgcs2000(*from_cgcs2000(lon, lat, datum), datum)
    assert abs(east - lon) * METRES_PER_DEGREE < close_m
    assert abs(north - lat) * METRES_PER_DEGREE < close_m


def test_offsets_around_hangzhou_are_hundreds_of_metres():
    lon, lat = np.meshgrid(np.linspace(118.3, 120.9, 30), np.linspace(29.1, 30.6, 20))
    for datum, least, most in (("GCJ02", 485, 586), ("BD09", 1069, 1216)):
        east, north = from_cgcs2000(lon, lat, datum)
        off = np.hypot((east - lon) * np.cos(np.radians(lat)), north - lat) * METRES_PER_DEGREE
        # the spans in the notes were taken on another grid
        assert least - 5 < off.min() < off.max() < most + 5


@pytest.mark.parametrize("point", [(2.35, 48.86), (-74.0, 40.7), (151.2, -33.9), (0.0, 0.0)])
@pytest.mark.parametrize("datum", ORACLES)
def test_nothing_is_shifted_outside_china(point, datum):
    assert to_cgcs2000(*point, datum) == point
    assert from_cgcs2000(*point, datum) == point


def test_not_numbers_stay_not_numbers():
    lon, lat = to_cgcs2000(np.array([np.nan, np.inf]), np.array([30.0, 30.0]), "BD09")
    assert np.isnan(lon[0])
    assert np.isinf(lon[1])
    assert (lat == 30).all()


def test_floats_for_floats_and_arrays_for_arrays():
    lon, lat = to_cgcs2000(120.0, 30.0, "GCJ02")
    assert type(lon) is type(lat) is float
    many = to_cgcs2000([120.0, 121.0], [30.0, 30.0], "GCJ02")
    assert many[0].shape == many[1].shape == (2,)
    assert many[0][0] == lon


@pytest.mark.parametrize("datum", [UNKNOWN, "wgs84", ""])
def test_a_datum_that_cannot_be_converted_is_named(datum):
    with pytest.raises(DataError, match="GCJ02, BD09") as caught:
        to_cgcs2000(120.0, 30.0, datum)
    assert caught.value.message_id == "place.datum_not_convertible"


def test_datums_are_those_of_the_value_list():
    assert set(DATUMS) == set(open_values("datum"))
