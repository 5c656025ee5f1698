"""What an opinion is: what it is about, what was written, what was done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

KINDS: Final = ("facility", "standard", "indicator")
"""What an opinion can be about."""

STATES: Final = ("open", "answered", "closed")


@dataclass(frozen=True)
class About:
    """The thing an opinion is about: one of KINDS and its code."""

    kind: str
    code: str


@dataclass(frozen=True)
class Act:
    """One thing a clerk did: `kind` is `answer` or `close`, `text` the answer or the reason.

    Of an answer, `published` says that the next release carries it, `with_question` that the
    words of the asker stand above it.
    """

    at: str
    by: str
    kind: str
    text: str
    published: bool
    with_question: bool


@dataclass(frozen=True)
class Opinion:
    """One opinion; moments are ISO text in UTC, `contact` is never published."""

    id: int
    received_at: str
    about: About
    text: str
    contact: str | None
    lang: str
    state: str
    acts: tuple[Act, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the opinion for a program."""
        return {
            "id": self.id,
            "received_at": self.received_at,
            "about": {"kind": self.about.kind, "code": self.about.code},
            "text": self.text,
            "contact": self.contact,
            "lang": self.lang,
            "state": self.state,
            "acts": [vars(act) for act in self.acts],
        }


@dataclass(frozen=True)
class PublishedAnswer:
    """What a release carries of an opinion; `question` only where the clerk said so."""

    id: int
    about_kind: str
    about_code: str
    asked_on: str
    question: str | None
    answered_on: str
    answer: str
