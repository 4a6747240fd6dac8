"""How one syllable of Chinese may be spelt in Latin letters, by the systems people's papers follow.

Mandarin: Hanyu Pinyin (GB/T 16159-2012, toneless) and Wade-Giles as passports of Taiwan write it. Cantonese: Jyutping
(Linguistic Society of Hong Kong, 1993) and the spellings of the Hong Kong Government, which follow no published table: the ones
below are those in common use on identity cards, several for one sound, and do not tell aspirated sounds from plain ones.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

Spelt = tuple[str, ...]
# Jyutping → spellings, the commonest first.
CANTONESE_INITIALS: dict[str, Spelt] = {
    "b": ("p", "b"), "p": ("p",), "m": ("m",), "f": ("f",), "d": ("t", "d"), "t": ("t",), "n": ("n", "l"), "l": ("l",),
    "gw": ("kw", "gw"), "kw": ("kw",), "g": ("k", "g"), "k": ("k",), "ng": ("ng", ""), "h": ("h",), "w": ("w",),
    "z": ("ch", "ts", "j", "z"), "c": ("ch", "ts", "c"), "s": ("s", "sh"), "j": ("y", "", "j"), "": ("", "ng"),
}  # fmt: skip
CANTONESE_FINALS: dict[str, Spelt] = {
    "aa": ("a", "ah"), "aai": ("ai", "aai"), "aau": ("au", "aau"), "aam": ("am", "aam"), "aan": ("an", "aan"),
    "aang": ("ang", "aang"), "aap": ("ap", "aap"), "aat": ("at", "aat"), "aak": ("ak", "aak"), "ai": ("ai",),
    "au": ("au", "ow"), "am": ("am", "um"), "an": ("an", "un"), "ang": ("ang", "ung"), "ap": ("ap", "up"),
    "at": ("at", "ut"), "ak": ("ak", "uk"), "e": ("e", "eh"), "ei": ("ei", "i", "ee", "ay"), "eng": ("eng", "ing"),
    "ek": ("ek", "ik"), "i": ("i", "ee", "ze", "z"), "iu": ("iu",), "im": ("im",), "in": ("in",), "ing": ("ing",),
    "ip": ("ip",), "it": ("it",), "ik": ("ik", "ick"), "o": ("o", "aw", "or"), "oi": ("oi", "oy"), "ou": ("o", "ou", "oo", "u"),
    "on": ("on",), "ong": ("ong",), "ot": ("ot",), "ok": ("ok", "ock"), "u": ("u", "oo"), "ui": ("ui",), "un": ("un", "oon"),
    "ung": ("ung",), "ut": ("ut", "oot"), "uk": ("uk",), "oe": ("eu", "euh", "oe"), "oeng": ("eung", "oeng"),
    "oek": ("euk", "oek"), "eoi": ("ui", "eoi", "oey"), "eon": ("un", "on", "eon"), "eot": ("ut", "eot"),
    "yu": ("u", "yu", "ue"), "yun": ("uen", "un", "yun"), "yut": ("uet", "ut", "yut"), "m": ("m",), "ng": ("ng",),
}  # fmt: skip
# Pinyin → Wade-Giles without its marks.
MANDARIN_INITIALS: dict[str, Spelt] = {
    "zh": ("ch",), "ch": ("ch",), "sh": ("sh",), "b": ("p",), "d": ("t",), "g": ("k",), "j": ("ch",), "q": ("ch",), "x": ("hs",),
    "z": ("ts", "tz"), "c": ("ts", "tz"), "r": ("j",),
}  # fmt: skip
MANDARIN_FINALS: dict[str, Spelt] = {
    "ian": ("ien",), "ie": ("ieh",), "ue": ("ueh",), "ong": ("ung",), "iong": ("iung",), "ui": ("ui", "uei"), "uo": ("o", "uo"),
    "e": ("e", "eh", "o"), "an": ("an", "en"), "ou": ("ou", "u"),
}  # fmt: skip
BUZZED = {"zh": "ih", "ch": "ih", "sh": "ih", "r": "ih", "z": "u", "c": "u"}
WHOLE = {"er": ("erh",), "si": ("szu", "ssu"), "yi": ("i",), "ye": ("yeh",), "you": ("yu",), "yong": ("yung",), "lu": ("lv", "lyu"), "nu": ("nv", "nyu")}  # fmt: skip


@lru_cache(maxsize=4096)
def cantonese_spellings(syllable: str) -> Spelt:
    """Return the ways to spell a syllable of toneless Jyutping: the commonest of Hong Kong first, Jyutping itself last."""
    initial, final = cut(syllable, CANTONESE_INITIALS)
    spelt = [head + tail for tail, head in product(CANTONESE_FINALS.get(final, (final,)), CANTONESE_INITIALS[initial])]
    return tuple(dict.fromkeys([text for text in spelt if text] + [syllable]))


@lru_cache(maxsize=4096)
def mandarin_spellings(syllable: str) -> Spelt:
    """Return the ways to spell a syllable of toneless Hanyu Pinyin, itself first."""
    initial, final = cut(syllable, MANDARIN_INITIALS)
    heads = (initial, *MANDARIN_INITIALS.get(initial, ()))
    tails = (
        final,
        *MANDARIN_FINALS.get(final, ()),
        *((BUZZED[initial],) if final == "i" and initial in BUZZED else ()),
    )
    spelt = [head + tail for head, tail in product(heads, tails)]
    return tuple(dict.fromkeys([syllable, *spelt, *WHOLE.get(syllable, ())]))


def cut(syllable: str, initials: dict[str, Spelt]) -> tuple[str, str]:
    """Return a syllable's initial, the longest that fits and leaves a final, and the final."""
    for length in (2, 1):
        if syllable[:length] in initials and len(syllable) > length and syllable != "ng":
            return syllable[:length], syllable[length:]
    return "", syllable
