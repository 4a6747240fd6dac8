"""Cuts Chinese names into surname and given name, with their sounds; runs on distinct names only."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC
from pypinyin.constants import PINYIN_DICT

from matchers.linkage.typed_columns import texts
from matchers.sql import literal
from matchers.stage import Engine, keep
from schemas.links import LINK_NAME

# The double surnames in living use; every other Chinese surname is one character.
DOUBLE_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳司马上官诸葛夏侯东方皇甫尉迟公孙慕容令狐司徒长孙宇文端木百里呼延南宫西门独孤澹台公冶太史申屠闻人赫连濮阳钟离拓跋完颜纳兰东郭"
        "司空万俟",
    )
)
# A form of address behind a name of at least two characters.
TITLED = re.compile("^(..+?)(先生|女士|小姐|太太|同志)$")
MIDDLE_DOTS = dict.fromkeys(map(ord, "·•・･‧．.∙⋅●·․"), "·")
HAN = r"\p{Han}"
# Chinese characters, the compatibility ones and the rare planes included.
HAN_ONLY = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3007\U00020000-\U000323af]+")


def store_han_names(db: Engine, roles: tuple[str, ...], *, is_standard: bool = False) -> int:
    """Make `link_name` from the distinct Chinese names in these roles; return how many there are.

    `is_standard` says that the names are simplified and without titles already.
    """
    asked = [
        f"select distinct {role} as name, {literal(role)} as role from link_input "
        f"where regexp_matches({role}, {literal(HAN)})"
        for role in roles
    ]
    rows = db.rows(f"{' union all '.join(asked)} order by name, role") if asked else []
    names = [str(name) for name, _ in rows]
    plain = names if is_standard else simplified(names)
    parts = {name: name_parts(text, role) for (name, role), text in zip(reversed(rows), reversed(plain), strict=True)}
    kept = {name: part for name, part in sorted(parts.items()) if part is not None}
    columns = list(zip(*kept.values(), strict=True)) if kept else [(), (), (), ()]
    fields = ("surname", "given_name", "surname_sound", "given_sound")
    values = {field: texts(part or None for part in column) for field, column in zip(fields, columns, strict=True)}
    return keep(db, LINK_NAME, {"name": texts(kept), **values})


def simplified(names: list[str]) -> list[str]:
    """Return names in simplified characters, one dot, no blanks or titles."""
    if not names:
        return []
    one_a_line = "\n".join(name.replace("\n", " ") for name in names)
    converted = OpenCC("t2s").convert(unicodedata.normalize("NFKC", one_a_line)).split("\n")
    return [TITLED.sub(r"\1", "".join(text.translate(MIDDLE_DOTS).split())) for text in converted]


def name_parts(name: str, role: str) -> tuple[str, str, str, str] | None:
    """Return surname, given name and their sounds; None where the name is not wholly Chinese."""
    bare = name.replace("·", "")
    if not HAN_ONLY.fullmatch(bare):
        return None
    if role == "surname":
        return bare, "", sound(bare), ""
    if role == "given_name" or "·" in name or len(bare) > 4:
        return "", bare, "", sound(bare)
    cut = 2 if bare[:2] in DOUBLE_SURNAMES and len(bare) > 2 else 1
    return bare[:cut], bare[cut:], sound(bare[:cut]), sound(bare[cut:])


def sound(text: str) -> str:
    """Return toneless pinyin, syllables joined by a blank; a character nobody reads stands for itself."""
    return " ".join(map(syllable, text))


@lru_cache(maxsize=65536)
def syllable(character: str) -> str:
    """Return the first reading of a character without its tone."""
    readings = PINYIN_DICT.get(ord(character))
    if readings is None:
        return character
    letters = unicodedata.normalize("NFD", readings.split(",")[0])
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
