"""The ledgers: people by division and year, and what plans' indicators were reported to be.

Several sources stand side by side; a source says one thing of one cell. A row is written once; only
`superseded_at` is ever set later. 是 and 否 are kept as files have them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from registry.tables.base import UtcDateTime, audit_seq, unique_while_known

_PREFERRED = text("superseded_at IS NULL AND preferred = '是'")


class PopulationFigure(SQLModel, table=True):
    """Persons of one group in one division in one year, by one source.

    `area` names a part of the division that a source lists apart and that has no code of its own
    (西湖风景名胜区 in 杭州市); it is empty for the division itself. `divisions_on` is the day whose
    divisions the code is one of. `rounded_to` is 1 for an exact count, 1000 where the source gives
    万人 with one decimal. At most one row of a cell is marked `preferred`.
    """

    __tablename__ = "population_figure"
    __table_args__ = (
        unique_while_known(
            "population_figure", "division_code", "area", "year", "group_code", "source"
        ),
        Index(
            "uq_population_figure_preferred",
            "division_code",
            "area",
            "year",
            "group_code",
            unique=True,
            sqlite_where=_PREFERRED,
            postgresql_where=_PREFERRED,
        ),
        Index("ix_population_figure_year", "year", "group_code"),
        CheckConstraint("persons >= 0", name="persons"),
        CheckConstraint("is_projection IN ('是', '否')", name="is_projection"),
        CheckConstraint("preferred IN ('是', '否')", name="preferred"),
    )

    id: int | None = Field(default=None, primary_key=True)
    division_code: str = Field(max_length=12)
    area: str = Field(default="")
    year: int
    reference_on: date | None = None
    divisions_on: date
    group_code: str
    persons: int
    rounded_to: int = Field(default=1)
    source: str
    source_kind: str
    is_projection: str = Field(max_length=1)
    preferred: str = Field(max_length=1)
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    superseded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    audit_seq: int = audit_seq()


class Observation(SQLModel, table=True):
    """The value of one indicator of a plan in one division and year, as one source reports it.

    `number` is the plan's own (9; in plans of two sections A3), `part` the letter of a part of the
    row (a), else empty. `unit` is the indicator's. `divisions_on` is as in `PopulationFigure`.
    """

    __tablename__ = "observation"
    __table_args__ = (
        unique_while_known(
            "observation", "plan_code", "number", "part", "division_code", "year", "source"
        ),
        Index(
            "uq_observation_preferred",
            "plan_code",
            "number",
            "part",
            "division_code",
            "year",
            unique=True,
            sqlite_where=_PREFERRED,
            postgresql_where=_PREFERRED,
        ),
        Index("ix_observation_year", "year", "plan_code"),
        CheckConstraint("preferred IN ('是', '否')", name="preferred"),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_code: str
    number: str = Field(max_length=4)
    part: str = Field(default="", max_length=1)
    division_code: str = Field(max_length=12)
    year: int
    divisions_on: date
    value: float
    unit: str
    source: str
    preferred: str = Field(max_length=1)
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    superseded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    audit_seq: int = audit_seq()
