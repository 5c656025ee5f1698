"""What is kept of a row beside its verdict, and the rows whose verdict SQL does not give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sqlglot import exp

from codes.book import load_book
from codes.reserved_names import count_pattern
from codes.upload_limits import limit
from registry.bulk.compile.values import Value, all_of, any_of, literal, matches, negated
from registry.bulk.file_cells import holds
from registry.bulk.plain import folded
from registry.bulk.plan import Plan, column_called, is_text, named, numbered, unread
from registry.uploads.reading.headers import LEAST_HEADERS, MARKS
from registry.uploads.rules.slips import example_cells

PLACED: Final = ("division", "as_of", "datum")
KEPT: Final = (*PLACED, "longitude", "latitude", "name_hash", "address_head")
HEAD_CHARACTERS: Final = 80
MARK: Final = f"[{re.escape(MARKS)}]"


def kept_of(plan: Plan) -> list[exp.Expr]:
    """What placing, repeats and the counting of columns need of a row."""
    kept: list[exp.Expr] = [exp.column(f"f{index}") for index in unread(plan.columns)]
    has_code = plan.values["code"].present if "code" in plan.values else exp.false()
    kept.append(named(has_code, "has_code"))
    kept += [named(_or_null(plan, key), key) for key in PLACED]
    for key in ("longitude", "latitude"):
        known = plan.values.get(key)
        number = known.number if known and known.number else exp.cast(exp.null(), "double")
        kept.append(named(number, key))
    kept += [named(column_called(key), f"k_{key}") for key in numbered(plan)]
    kept.append(named(_name_hash(plan), "name_hash"))
    kept.append(named(_address_head(plan), "address_head"))
    return kept


def undecided(plan: Plan, nameless: exp.Expr) -> exp.Expr:
    """Perhaps a footer, a header or the example. `nameless`: which rows without a name."""
    reasons: list[exp.Expr] = [exp.column("type_no").is_(exp.null())]
    # a line without a name may be a footer; a total has the count of the rows in its place
    named_here = "name" in plan.values and "name" not in plan.given
    absent = [_uncalled(plan.values["name"]), nameless] if named_here else []
    reasons.append(all_of(absent))
    reasons.extend(_perhaps_alone(plan))
    reasons.extend(_perhaps_header(plan))
    telling = [key for key in plan.values if not is_text(key)]
    reasons.append(_all_absent([plan.values[key] for key in telling]))
    reasons.extend(_perhaps_example(plan))
    return exp.paren(any_of(reasons))


def _uncalled(name: Value) -> exp.Expr:
    counted = matches(name.text, f"^(?:{count_pattern()})$")
    return exp.paren(any_of([name.absent, counted]))


def _perhaps_alone(plan: Plan) -> Iterator[exp.Expr]:
    """Perhaps nothing of its own but a name, what `--set` gives aside: the rule `name_alone`."""
    if not plan.given or "name" not in plan.columns.read or len(plan.columns.read) == 1:
        return
    own = []
    for key, column in plan.columns.read.items():
        if key in plan.given or key == "type":
            own.append(negated(holds(column.index)))  # its element has what is given
        elif key != "name":
            own.append(plan.values[key].absent)
    yield all_of(own)


def _perhaps_header(plan: Plan) -> Iterator[exp.Expr]:
    """Perhaps the header again, where `--set` gives all that such a row has no words for."""
    if not plan.given:
        return
    texts = [key for key in plan.values if key in plan.columns.read and is_text(key)]
    heads = [_perhaps_head(plan.values[key], plan.names.spelled(key)) for key in texts]
    if len(heads) >= LEAST_HEADERS:
        yield all_of(heads)


def _perhaps_head(cell: Value, spelled: Iterable[str]) -> exp.Expr:
    words = "|".join(map(re.escape, sorted(spelled)))
    is_head = matches(folded(cell.text), rf"^{MARK}*(?:{words}){MARK}*(?:[(\[【].*)?$")
    return exp.paren(any_of([cell.absent, is_head]))


def _all_absent(values: Sequence[Value]) -> exp.Expr:
    """COALESCE, for the first that is there ends it."""
    texts = [one.text.copy() for one in values]
    return exp.Coalesce(this=exp.null(), expressions=texts).is_(exp.null())


def _perhaps_example(plan: Plan) -> Iterator[exp.Expr]:
    """So many cells of the template's example that the rule `example_left` speaks of the row."""
    example, total, cells = example_cells(), literal(0), 0
    for key, value in plan.values.items():
        if key in example:
            seen = value.text if value.number is None else value.number
            same = exp.EQ(this=seen.copy(), expression=literal(example[key]))
            one = exp.case().when(same, literal(1)).else_(literal(0))
            total, cells = exp.Add(this=total, expression=one), cells + 1
    if cells >= limit("example_cells"):
        yield exp.GTE(this=exp.paren(total), expression=literal(limit("example_cells")))


def swapped(lon: Value, lat: Value) -> exp.Expr:
    """Return the condition under which longitude and latitude can only be exchanged."""
    return exp.and_(lon.is_number, lat.is_number, negated(plausible(lon, lat)), plausible(lat, lon))


def implausible(plan: Plan) -> exp.Expr:
    """Return the condition under which a row gives a point that cannot be one of China."""
    if not {"longitude", "latitude"} <= set(plan.values):
        return exp.false()
    lon, lat = plan.values["longitude"], plan.values["latitude"]
    return all_of([lon.is_number, lat.is_number, negated(plausible(lon, lat))])


def plausible(lon: Value, lat: Value) -> exp.Expr:
    """Return the condition under which `codes.place.check_point` finds nothing to say."""
    bounds = box()
    return all_of(
        [
            exp.Between(this=one.number.copy(), low=literal(low), high=literal(high))
            for one, (low, high) in zip((lon, lat), bounds, strict=True)
            if one.number is not None
        ]
    )


def box() -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the least and the greatest longitude, and latitude, of a point of China."""
    policy = {name: row["value"] for name, row in load_book("place_policy").by_key().items()}
    return (policy["lon_min"], policy["lon_max"]), (policy["lat_min"], policy["lat_max"])


def _address_head(plan: Plan) -> exp.Expr:
    """So much of an address as may begin with the names of a province, a city and a county."""
    if "address" not in plan.values:
        return exp.cast(exp.null(), "varchar")
    text = plan.values["address"].text.copy()
    return exp.Left(this=text, expression=literal(HEAD_CHARACTERS))


def _name_hash(plan: Plan) -> exp.Expr:
    """Hash of the name and address as they are compared, NULL without a name."""
    if "name" not in plan.values:
        return exp.cast(exp.null(), exp.DataType.Type.UBIGINT)
    address = plan.values["address"].text if "address" in plan.values else exp.null()
    name = plan.values["name"]
    hashed = exp.Anonymous(
        this="hash",
        expressions=[compared(name.text), exp.func("coalesce", compared(address), literal(""))],
    )
    return exp.case().when(name.present, hashed)


def compared(text: exp.Expr) -> exp.Expr:
    """Return a plain text as `name_key` gives it: letters, digits and characters alone."""
    other = exp.Literal.string("[^0-9a-z一-鿿]+")
    bare = exp.Anonymous(
        this="regexp_replace", expressions=[folded(text), other, literal(""), literal("g")]
    )
    # CASE, for most are so already
    return exp.case().when(matches(text, "^[0-9a-z一-鿿]+$"), text.copy()).else_(bare)


def _or_null(plan: Plan, key: str) -> exp.Expr:
    value = plan.values.get(key)
    return value.text.copy() if value else exp.cast(exp.null(), "varchar")
