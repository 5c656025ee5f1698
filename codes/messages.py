"""Sentences in zh and en, looked up by stable id through gettext.

A message id is `domain.rest`; the domain names the catalogue
`codes/locale/<lang>/LC_MESSAGES/<domain>.po`. Catalogues are written by hand as `.po` and compiled
to `.mo` by `make docs`; a test fails when a compiled file is stale, when an id has no sentence, and
when the two languages take different parameters.
"""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("zh", "en")
LOCALE_DIR: Final = Path(__file__).parent / "locale"

_language: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str:
    """Return the language in use: the chosen one, else the locale's, else zh."""
    return _language.get() or default_language()


def use_language(lang: str | None) -> None:
    """Choose the language of every later sentence; None goes back to the locale's."""
    if lang is not None and lang not in LANGUAGES:
        raise ValueError(lang)
    _language.set(lang)


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Use a language for a while."""
    before = _language.get()
    use_language(lang)
    try:
        yield
    finally:
        use_language(before)


def default_language() -> str:
    """Read the language from FUWUMA_LANG or the locale; a locale without one (C) means zh."""
    wanted = os.environ.get("FUWUMA_LANG") or _locale_name()
    return "en" if wanted.lower().startswith("en") else "zh"


def text(message_id: str, /, *, lang: str | None = None, **params: Any) -> str:
    """Return the sentence `message_id` with `params` filled in.

    Raises KeyError when no catalogue has the id: a missing sentence is our fault, not the user's.
    """
    domain = message_id.partition(".")[0]
    sentence = _catalogue(domain, lang or language()).gettext(message_id)
    if sentence == message_id:
        raise KeyError(message_id)
    return sentence.format(**params) if params else sentence


@cache
def _catalogue(domain: str, lang: str) -> gettext.NullTranslations:
    return gettext.translation(domain, LOCALE_DIR, [lang], fallback=True)


def _locale_name() -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value
    return locale.getlocale()[0] or ""
