"""Cuts Chinese names into surname and given name, with their sounds; runs on distinct names only."""

from __future__ import annotations

import re
import unicodedata

from opencc import OpenCC

from matchers.linkage.readings import HAN_ONLY, Cantonese, common_spellings, sound
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
TITLED = re.compile("^(..+?)(先生|女士|小姐|太太|夫人|同志|老师|医生|教授|师傅)$")
MIDDLE_DOTS = dict.fromkeys(map(ord, "·•・･‧．.∙⋅●·․"), "·")
HAN = r"\p{Han}"
LEAST_SCRIPT_SHARE = 0.01


def store_han_names(
    db: Engine, roles: tuple[str, ...], cantonese: Cantonese | None = None, *, is_standard: bool = False
) -> int:
    """Make `link_name` from the Chinese names written in these roles; return how many there are.

    `is_standard` says that the names are simplified and without titles already. How names may be spelt in Latin letters is
    only asked for where `cantonese` holds the readings, empty or not.
    """
    asked = [
        f"select written as name, role from link_written where role = {literal(role)} "
        f"and regexp_matches(written, {literal(HAN)})"
        for role in roles
    ]
    rows = db.rows(f"{' union all '.join(asked)} order by name, role") if asked else []
    names = [str(name) for name, _ in rows]
    plain = names if is_standard else simplified(names)
    parts = {name: name_parts(text, role) for (name, role), text in zip(reversed(rows), reversed(plain), strict=True)}
    kept = {name: part for name, part in sorted(parts.items()) if part is not None}
    columns = list(zip(*kept.values(), strict=True)) if kept else [(), (), (), ()]
    spelt = [common_spellings(part[0] + part[1], cantonese) if cantonese is not None else "" for part in kept.values()]
    fields = ("surname", "given_name", "surname_sound", "given_sound")
    values = {field: texts(part or None for part in column) for field, column in zip(fields, columns, strict=True)}
    return keep(db, LINK_NAME, {"name": texts(kept), **values, "spellings": texts(part or None for part in spelt)})


def in_two_scripts(db: Engine, roles: tuple[str, ...]) -> bool:
    """Return whether some names are Chinese characters and some Latin letters, both more than here and there."""
    name = f"concat_ws(' ', {', '.join(roles)})"
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in (
        f"regexp_matches({name}, {literal(HAN)})",
        f"regexp_matches({name}, '[A-Za-z]') and not regexp_full_match({name}, {literal(HAN + '.*')})",
        f"{name} <> ''",
    ))  # fmt: skip
    han, latin, named = db.rows(f"select {counts} from link_input")[0]
    return bool(min(han, latin) > LEAST_SCRIPT_SHARE * named)


def simplified(names: list[str]) -> list[str]:
    """Return names in simplified characters, one dot, no blanks or titles."""
    if not names:
        return []
    converted = in_simplified(names)
    return [TITLED.sub(r"\1", "".join(text.translate(MIDDLE_DOTS).split())) for text in converted]


def in_simplified(texts_as_written: list[str]) -> list[str]:
    """Return texts in simplified characters, full-width letters and compatibility characters as the usual ones."""
    one_a_line = "\n".join(text.replace("\n", " ") for text in texts_as_written)
    return str(OpenCC("t2s").convert(unicodedata.normalize("NFKC", one_a_line))).split("\n")


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
