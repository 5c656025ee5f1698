"""Make a synthetic city: all facilities of every type, and the files the departments would send."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from codes.facility_types import facility_types
from registry.synthetic.allotment import allot, spots
from registry.synthetic.dirt import Dirtied, soil
from registry.synthetic.facility import Facilities, SyntheticFacility
from registry.synthetic.files import DepartmentFile, department_files
from registry.synthetic.ground import lay_ground
from registry.synthetic.parameters import as_count, settings


@dataclass(frozen=True)
class SyntheticCity:
    """The city: its facilities as they are, the departments' files, and what was spoilt in them."""

    city_code: str
    seed: int
    facilities: tuple[SyntheticFacility, ...]
    files: tuple[DepartmentFile, ...]
    dirtied: tuple[Dirtied, ...]


def make_city(
    seed: int | None = None,
    size: int | None = None,
    *,
    city_code: str | None = None,
    dirt: bool = True,
) -> SyntheticCity:
    """Return a synthetic city of about `size` facilities; the same arguments give the same city.

    What is left out comes from the book `synthetic/settings`. Every type in force has at least one
    facility, so a size below the number of types is not reached. Without `dirt` every row of every
    file passes the check.
    """
    seed = as_count("seed") if seed is None else seed
    city_code = city_code or settings()["city"]
    facilities = tuple(make_facilities(city_code, seed, size or as_count("size")))
    files = department_files(facilities)
    dirtied: tuple[Dirtied, ...] = ()
    if dirt:
        files, dirtied = soil(files, Random(f"{seed}/dirt"))  # noqa: S311  not for secrets
    return SyntheticCity(city_code, seed, facilities, files, dirtied)


def make_facilities(city_code: str, seed: int, size: int) -> list[SyntheticFacility]:
    """Return the facilities of a city, type by type. Raises DataError for an unknown city."""
    ground = lay_ground(city_code, seed)
    random = Random(f"{seed}/facilities")  # noqa: S311  not for secrets
    maker = Facilities(ground.name, random)
    made = []
    for type_code, wanted in allot(ground, size).items():
        facility_type = facility_types()[type_code]
        for spot in spots(ground, facility_type, wanted, random):
            made.append(maker.make(facility_type, spot))
    return made
