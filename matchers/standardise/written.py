"""How text is written: blanks that look like nothing and wide forms that look like digits, as SQL."""

from __future__ import annotations

from matchers.sql import literal

# Ordinary blanks, no-break and full-width blanks, zero-width characters, the byte order mark.
BLANKS = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2002\u2003\u2009\u202a\u202c\u200e\ufeff"
# A visible ASCII or Chinese character at both ends: what nearly every value has.
NO_BLANK_AT_ENDS = "(?s)^[!-~\u3400-\u9fff](?:.*[!-~\u3400-\u9fff])?$"
WIDE = "０１２３４５６７８９ＸｘＡＢＣＤＥＦＧＨ（）－—–／．，＋￥＊：×　"
NARROW = "0123456789XxABCDEFGH()---/.,+¥*:X "


def narrow(value: str) -> str:
    """Return SQL for a text with full-width digits, letters and marks made half-width."""
    return f"translate({value}, {literal(WIDE)}, {literal(NARROW)})"
