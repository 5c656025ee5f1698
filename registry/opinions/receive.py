"""Take in an opinion from the public site, so many a day from one address and no more."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from codes.china_time import day_of
from codes.errors import DataError, NotPermitted
from registry.opinions.inbox import writing
from registry.opinions.opinion import KINDS, About
from registry.opinions.wording import checked_text


@dataclass(frozen=True)
class Limits:
    """How long a text may be, in characters, and how many are taken in on a day."""

    longest_text: int
    longest_contact: int
    a_day_from_one_address: int
    a_day_in_all: int


@dataclass(frozen=True)
class Written:
    """What somebody sent; `contact` may be empty."""

    about: About
    text: str
    contact: str
    lang: str


def receive(path: Path, sent: Written, sender: str, limits: Limits, now: datetime) -> int:
    """Keep an opinion and return its number; `sender` is the address it came from.

    Raises DataError when the text or contact cannot be taken (see `checked_text`), NotPermitted
    when the day's number is reached, StoreError when the inbox cannot be written to.
    """
    if sent.about.kind not in KINDS:
        raise DataError("opinion.about_unknown", seen=sent.about.kind)
    text = checked_text(sent.text, limits.longest_text)
    contact = _checked_contact(sent.contact, limits.longest_contact)
    with writing(path) as db:
        _count(db, sender, limits, day_of(now).isoformat())
        return int(
            db.execute(
                "INSERT INTO opinion (received_at, about_kind, about_code, text, contact, lang)"
                " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                (_moment(now), sent.about.kind, sent.about.code, text, contact, sent.lang),
            ).fetchone()[0]
        )


def _checked_contact(written: str, longest: int) -> str | None:
    if not written.strip():
        return None
    try:
        contact = checked_text(written, longest)
    except DataError as error:
        if error.message_id != "opinion.too_long":
            raise
        raise DataError("opinion.contact_too_long", **error.params) from None
    return " ".join(contact.split())


def _count(db: sqlite3.Connection, sender: str, limits: Limits, day: str) -> None:
    """Count one more of the day, or raise NotPermitted; an earlier day's hashes go."""
    row = db.execute("SELECT salt, received FROM day WHERE day = ?", (day,)).fetchone()
    if row is None:
        db.execute("DELETE FROM day")
        db.execute("DELETE FROM sender")
        db.execute("INSERT INTO day VALUES (?, ?, 0)", (day, secrets.token_bytes(32)))
        row = db.execute("SELECT salt, received FROM day WHERE day = ?", (day,)).fetchone()
    if row["received"] >= limits.a_day_in_all:
        raise NotPermitted("opinion.full_today")
    mark = hmac.digest(row["salt"], _network(sender), hashlib.sha256)
    found = db.execute("SELECT received FROM sender WHERE hash = ?", (mark,)).fetchone()
    if found and found["received"] >= limits.a_day_from_one_address:
        raise NotPermitted("opinion.too_many", most=limits.a_day_from_one_address)
    db.execute("UPDATE day SET received = received + 1")
    db.execute(
        "INSERT INTO sender VALUES (?, 1) ON CONFLICT DO UPDATE SET received = received + 1",
        (mark,),
    )


def _network(sender: str) -> bytes:
    """Return what stands for one visitor: an IPv4 address, the first half of an IPv6 one."""
    try:
        address = ipaddress.ip_address(sender)
    except ValueError:
        return sender.encode()
    if isinstance(address, ipaddress.IPv6Address):
        half = ipaddress.IPv6Address(int(address) >> 64 << 64)
        return str(address.ipv4_mapped or half).encode()
    return str(address).encode()


def _moment(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
