"""The values, and parts of values, that two records of one person are likely to agree on."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.sql import literal
from matchers.stage import Engine, stage
from schemas.links import LINK_ATOM, LINK_VALUE

# Records drawn to learn how often two strangers agree on an atom.
SAMPLE = 100_000
WORD = "name word"


@dataclass(frozen=True)
class Atom:
    """A value or part of one; `value` is SQL over `link_value`, null where there is none.

    Whoever agrees on one of `within` agrees on this atom too, so a rule with this one finds all that theirs find.
    """

    name: str
    role: str
    value: str
    within: tuple[str, ...] = ()


def whole(role: str) -> Atom:
    """Return a role's value as an atom."""
    return Atom(role, role, role)


def halves(role: str) -> tuple[Atom, Atom]:
    """Return the first and last half of a number, so that one wrong digit leaves one of them whole."""
    is_whole = f"length({role}) >= 6 and not contains({role}, '*')"
    cut = f"case when {is_whole} then {{}}({role}, length({role}) // 2) end"
    return (
        Atom(f"{role}_head", role, cut.format("left"), (role,)),
        Atom(f"{role}_tail", role, cut.format("right"), (role,)),
    )


NUMBERS = ("national_id", "other_id", "phone")
NAMES = ("given_name", "surname", "full_name")

ATOMS: tuple[Atom, ...] = (
    *(whole(role) for role in (*NUMBERS, "email", "household_no", "birth_date")),
    *(atom for role in NUMBERS for atom in halves(role)),
    Atom("email_user", "email", "nullif(split_part(email, '@', 1), '')", ("email",)),
    Atom("birth_year", "birth_date", "left(birth_date, 4)", ("birth_date",)),
    Atom("birth_day", "birth_date", "nullif(right(birth_date, 4), '0000')", ("birth_date",)),
    *(whole(role) for role in NAMES),
    Atom("given_sound", "given_name", "given_sound", ("given_name",)),
    Atom("sound", "sound", "surname_sound || ' ' || given_sound"),
    Atom("given_head", "given_name", "left(given_name, 3)", ("given_name",)),
    Atom("surname_head", "surname", "left(surname, 3)", ("surname",)),
    Atom("given_initial", "given_name", "left(given_name, 1)", ("given_name", "given_head")),
    *(whole(role) for role in ("postcode", "place", "area", "area_code", "address", "street_number", "category")),
    Atom("postcode_head", "postcode", "case when length(postcode) >= 5 then left(postcode, 3) end", ("postcode",)),
    Atom("address_head", "address", "split_part(address, ' ', 1)", ("address",)),
)

WORDS = "list_sort(list_distinct(string_split(concat_ws(' ', given_name, surname, full_name, spellings), ' ')))"


@stage(reads=(LINK_VALUE,), writes=LINK_ATOM)
def hash_atoms(atoms: tuple[Atom, ...]) -> str:
    """One row per record with the hashes of its atoms, in the order of `atoms`, and of the words of its names."""
    hashed = ", ".join(
        f"case when {atom.value} is not null then hash({literal(atom.name)}, {atom.value}) end" for atom in atoms
    )
    return f"""
        select row, source, exclusive, certain_id, [{hashed}]::ubigint[] as atoms,
            list_transform(list_filter({WORDS}, lambda word: word <> ''), lambda word: hash(word)) as words
        from link_value"""


def filled_atoms(db: Engine) -> tuple[Atom, ...]:
    """Return the atoms that some record has."""
    return stated_atoms(db, ATOMS)


def stated_atoms(db: Engine, atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """Return those of the atoms that some record has."""
    if not atoms:
        return ()
    counts = db.rows(f"select {', '.join(f'count({atom.value})' for atom in atoms)} from link_value")[0]
    return tuple(atom for atom, count in zip(atoms, counts, strict=True) if count)


def measure_breadth(db: Engine, atoms: tuple[Atom, ...], row_count: int) -> dict[str, float]:
    """Return how many other records a record agrees with on each atom, on average; words of names included."""
    share = max(row_count // SAMPLE, 1)
    values = [f"select {literal(atom.name)} as atom, atoms[{place}] as value" for place, atom in enumerate(atoms, 1)]
    values.append(f"select {literal(WORD)} as atom, unnest(words) as value")
    drawn = " union all ".join(f"{value} from link_atom where hash(row) % {share} = 0" for value in values)
    sums = db.rows(
        f"select atom, sum(n * (n - 1)) from (select atom, count(*) as n from ({drawn}) where value is not null "
        "group by atom, value) group by atom order by atom"
    )
    sampled = max(row_count / share, 1)
    scale = max(row_count - 1, 1) / (sampled * max(sampled - 1, 1))
    return {name: float(total) * scale for name, total in sums}
