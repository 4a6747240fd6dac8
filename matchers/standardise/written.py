"""How text is written: blanks that look like nothing and wide forms that look like digits, as SQL."""

from __future__ import annotations

from collections.abc import Iterable

from matchers.sql import literal, literals

# Ordinary blanks, no-break and full-width blanks, zero-width characters, the byte order mark.
BLANKS = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2002\u2003\u2009\u202a\u202c\u200e\ufeff"
FIRST_HAN, LAST_HAN = "\u3400", "\u9fff"
WIDE = "０１２３４５６７８９ＸｘＡＢＣＤＥＦＧＨ（）－—–／．，＋￥＊：×　"
NARROW = "0123456789XxABCDEFGH()---/.,+¥*:X "


def narrow(value: str) -> str:
    """Return SQL for a text with full-width digits, letters and marks made half-width."""
    return f"translate({value}, {literal(WIDE)}, {literal(NARROW)})"


def is_among(value: str, words: Iterable[str]) -> str:
    """Return SQL for whether a text is one of a few words; false where there is no text.

    `in` and list_contains become a hash join each, and a delivery asks this of thirty columns.
    """
    return f"list_position([{literals(words)}], {value}) is not null"


def visible(value: str) -> str:
    """Return SQL for whether a text begins with a visible ASCII or a Chinese character: what nearly every text does."""
    chinese = f"{value} between {literal(FIRST_HAN)} and {literal(LAST_HAN)}"
    return f"({value} >= '!' and ({value} < '\x7f' or {chinese}))"
