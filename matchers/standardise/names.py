"""Names: one spelling per distinct name, and its toneless pinyin. Python, because no SQL function knows Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from opencc import OpenCC
from pypinyin import lazy_pinyin

from matchers.standardise.lexicon import NameWords
from matchers.standardise.written import BLANKS

DOT = "\u00b7"
HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
# Nothing to tidy: most names, and too short to hold a title.
PLAIN = re.compile("[\u4e00-\u9fa5]{2,3}")
BRACKETED = re.compile(r"[(\[{【〔〈《<].*?[)\]}】〕〉》>]|[(\[{【〔〈《<].*$")
INNER_DOT = re.compile(rf"(?<=[{HAN}])[\s{DOT}]*{DOT}[\s{DOT}]*(?=[{HAN}])")
DOT_BESIDE_HAN = re.compile(rf"(?<=[{HAN}])\s*\.|\.\s*(?=[{HAN}])")
BLANK_BESIDE_HAN = re.compile(rf"(?<=[{HAN}*])\s+|\s+(?=[{HAN}*])")
WHOLLY_HAN = re.compile(f"[{HAN}]{{2,}}")
MOST_REMARKS = 5
# The star of a footnote behind a whole name; behind a shorter one it may stand for a character.
FOOTNOTE = re.compile(rf"(?<=[{HAN}]{{3}})\*+$")
TITLE = re.compile("^(?:户主|姓名)[:：]|(?:先生|女士|同志|老师|大爷|大娘|小姐)$")
# What is not seen: marks of direction and of joining, and which drawing of the character before is meant.
UNSEEN: dict[int, str | None] = {c: None for c in range(0xA0, 0x10000) if unicodedata.category(chr(c)) == "Cf"}
UNSEEN |= dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
# A control character inside a name stands where one was lost; noughts around it only fill the field.
CONTROLS = [chr(c) for c in (*range(0x20), *range(0x7F, 0xA0)) if not chr(c).isspace()]
UNREADABLE = str.maketrans({**dict.fromkeys([*"?□■▇\ufffd＊", *CONTROLS], "*"), **UNSEEN})
FILLING = BLANKS + "\0"


class Remembered(dict[str, str]):
    """What one character becomes, looked up when it is first met: a county has far fewer characters than names."""

    def __init__(self, look_up: Callable[[str], str]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, character: str) -> str:
        """Look a character up and remember it."""
        found = self[character] = self._look_up(character)
        return found


class NameStandardiser:
    """Standardises names one by one; made once per run."""

    def __init__(self, words: NameWords) -> None:
        self._converter = OpenCC("t2s")
        self._words = words
        self._dots = str.maketrans(dict.fromkeys(words.dots - {"."}, DOT))
        self._private = str.maketrans(dict(words.private_use))
        self._simple = Remembered(self._look_up_simplified)
        self._syllable = Remembered(look_up_syllable)

    def standardise(self, raw: str) -> tuple[str | None, str | None]:
        """Return the standard spelling of a delivered name and its pinyin; None where nothing is left."""
        name = raw if PLAIN.fullmatch(raw) else self._tidied(raw)
        name = self._simplify(name)
        return (name, self._pinyin(name)) if name else (None, None)

    def _tidied(self, raw: str) -> str:
        """Return a name with nothing left to tidy: a remark may stand behind a remark."""
        name = raw
        for _ in range(MOST_REMARKS):
            tidy = self._tidy(name)
            if tidy == name:
                break
            name = tidy
        return name

    def _tidy(self, raw: str) -> str:
        """Return a name without titles, remarks, stray dots and blanks, in the characters it stands for."""
        text = unicodedata.normalize("NFKC", raw.translate(self._private).translate(self._dots))
        text = text.strip(FILLING).translate(self._dots).translate(UNREADABLE).strip(BLANKS)
        text = without_remarks(text)
        text = INNER_DOT.sub(DOT, DOT_BESIDE_HAN.sub(DOT, text))
        text = self._dotted(FOOTNOTE.sub("", text))
        text = BLANK_BESIDE_HAN.sub("", text).strip(f" .,;:'\"()[]{{}}{DOT}")
        return " ".join(text.lower().split())

    def _dotted(self, name: str) -> str:
        """Return a name with the dot its blank stands for: 白玛 拉姆 is no surname and given name, as 欧阳 娜娜 is."""
        parts = name.split()
        is_dotted = (
            len(parts) == 2
            and all(WHOLLY_HAN.fullmatch(part) for part in parts)
            and parts[0] not in self._words.surnames
        )
        return DOT.join(parts) if is_dotted else name

    def _simplify(self, name: str) -> str:
        """Return a name in simplified characters; one that is in use as it is stays where the rest was simplified already."""
        simple = "".join(map(self._simple.__getitem__, name))
        if simple == name or self._words.kept.isdisjoint(name):
            return simple
        return str(self._converter.convert(simple))

    def _look_up_simplified(self, character: str) -> str:
        """Return the simplified form of a character; one that is in use as it is stays."""
        if character in self._words.kept:
            return character
        if character in self._words.simplified:
            return self._words.simplified[character]
        converted = str(self._converter.convert(character))
        # A character of GB 2312 is simplified already, whatever else it may also be the traditional form of.
        return character if is_in_gb2312(character) or len(converted) != 1 else converted

    def _pinyin(self, name: str) -> str:
        """Return the syllables of a name; what is not Chinese stays as it is."""
        if name.isascii():
            return name
        for length in (2, 1):
            surname = self._words.surnames.get(name[:length])
            if surname and (length == 1 or len(name) > length):
                return f"{surname} {self._syllables(name[length:])}".strip()
        return self._syllables(name)

    def _syllables(self, characters: str) -> str:
        return " ".join("".join(map(self._syllable.__getitem__, characters)).split())


def look_up_syllable(character: str) -> str:
    """Return the commonest reading of a character between blanks; what has none as it is, dots and masks as nothing."""
    if character in (DOT, "*"):
        return " "
    return character if character.isascii() else f" {lazy_pinyin(character)[0]} "


def without_remarks(name: str) -> str:
    """Return a name without what stands in brackets and without titles; never less than two characters."""
    bare = BRACKETED.sub("", name).strip()
    name = bare if len(bare) >= 2 else name.strip("()[]{}【】")
    untitled = TITLE.sub("", name).strip()
    return untitled if len(untitled) >= 2 else name


def is_in_gb2312(character: str) -> bool:
    """Return whether the character is in the character set that holds simplified characters only."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def standard_names(raw: Iterable[str], words: NameWords) -> dict[str, list[str | None]]:
    """Return the columns of stated_name for distinct delivered names."""
    standardiser = NameStandardiser(words)
    delivered = list(raw)
    found = [standardiser.standardise(name) for name in delivered]
    return {
        "full_name_raw": list(delivered),
        "full_name": [name for name, _ in found],
        "name_pinyin": [pinyin for _, pinyin in found],
    }
