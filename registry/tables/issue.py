"""The last serial issued for each code prefix."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from registry.tables import base as _base  # noqa: F401  naming convention first


class CodeCounter(SQLModel, table=True):
    """`prefix` is class and county at issue; `last_serial` only ever grows."""

    __tablename__ = "code_counter"

    prefix: str = Field(primary_key=True, max_length=24)
    last_serial: int
