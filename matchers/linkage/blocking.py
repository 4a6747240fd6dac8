"""Which pairs are worth comparing: records that agree on something rare, in blocks that never grow large."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from matchers.sql import literal
from matchers.stage import Engine, stage
from schemas.links import LINK_BLOCK, LINK_PROPOSAL, LINK_VALUE

# Records drawn to learn how often two strangers agree on an atom.
SAMPLE = 100_000


@dataclass(frozen=True)
class Atom:
    """A value or part of one that records may agree on; `value` is SQL over `link_value`, null where there is none."""

    name: str
    role: str
    value: str

    @property
    def key(self) -> str:
        """SQL for the hash of the value."""
        return f"hash({literal(self.name)}, {self.value})"


@dataclass(frozen=True)
class Rule:
    """One way to propose pairs: `keys` is SQL over `link_value` for the list of keys of a record."""

    name: str
    keys: str
    condition: str


def halves(role: str) -> tuple[Atom, Atom]:
    """Return the first and last half of a number, so that one wrong digit leaves one of them whole."""
    return (
        Atom(f"{role}_head", role, f"case when length({role}) >= 6 then left({role}, length({role}) // 2) end"),
        Atom(f"{role}_tail", role, f"case when length({role}) >= 6 then right({role}, length({role}) // 2) end"),
    )


def whole(role: str) -> Atom:
    """Return a role's value as an atom."""
    return Atom(role, role, role)


ATOMS: tuple[Atom, ...] = (
    *(whole(role) for role in ("national_id", "other_id", "phone", "email", "household_no", "birth_date")),
    *(atom for role in ("national_id", "other_id", "phone") for atom in halves(role)),
    Atom("email_user", "email", "nullif(split_part(email, '@', 1), '')"),
    Atom("birth_year", "birth_date", "left(birth_date, 4)"),
    Atom("birth_day", "birth_date", "nullif(right(birth_date, 4), '0000')"),
    whole("full_name"),
    whole("given_name"),
    whole("surname"),
    Atom("sound", "full_sound", "surname_sound || ' ' || given_sound"),
    Atom("given_sound", "given_name", "given_sound"),
    Atom("given_head", "given_name", "left(given_name, 3)"),
    Atom("surname_head", "surname", "left(surname, 3)"),
    Atom("given_initial", "given_name", "left(given_name, 1)"),
    *(whole(role) for role in ("postcode", "place", "area", "area_code", "address", "street_number", "category")),
    Atom("postcode_head", "postcode", "case when length(postcode) >= 5 then left(postcode, 3) end"),
    Atom("address_head", "address", "split_part(address, ' ', 1)"),
)

NAME_ROLES = frozenset({"given_name", "surname", "full_name", "full_sound"})
# What is named by these atoms is found through name tokens, which also find names in the wrong slot.
TOKENISED = frozenset({"given_name", "surname", "full_name"})


def measure_breadth(db: Engine, atoms: tuple[Atom, ...], row_count: int) -> dict[str, float]:
    """Return how many other records agree with a record on each atom, on average over all pairs."""
    share = max(row_count // SAMPLE, 1)
    sums = [
        f"select {literal(atom.name)}, sum(n * (n - 1)) from (select count(*) as n from link_value "
        f"where {atom.value} is not null and hash(row) % {share} = 0 group by {atom.value})"
        for atom in atoms
    ]
    sampled = max(row_count / share, 1)
    scale = max(row_count - 1, 1) / (sampled * max(sampled - 1, 1))
    return {name: float(total) * scale for name, total in db.rows(" union all ".join(sums)) if total is not None}


def choose_rules(breadth: dict[str, float], row_count: int) -> tuple[Rule, ...]:
    """Return the rules that can propose something: neither so narrow that one part does it alone, nor hopelessly broad."""
    atoms = [atom for atom in ATOMS if atom.name in breadth]
    alone = [single(atom) for atom in atoms if breadth[atom.name] <= row_count * BROADEST_SHARE]
    partners = [atom for atom in atoms if NARROW < breadth[atom.name]]
    named = breadth.get("given_name", 0) + breadth.get("surname", 0) + breadth.get("full_name", 0) > 0
    rules = [*alone, *([TOKEN_PAIR] if named else [])]
    if named:
        token = max(min(breadth.get(name, row_count) for name in TOKENISED), 1.0)
        rules += [
            with_token(atom)
            for atom in partners
            if atom.role not in NAME_ROLES and token * breadth[atom.name] / row_count <= BROADEST_PAIR
        ]
    rules += [
        pair(one, other)
        for one, other in combinations(partners, 2)
        if one.role != other.role
        and not {one.name, other.name} & TOKENISED
        and breadth[one.name] * breadth[other.name] / row_count <= BROADEST_PAIR
    ]
    return tuple(rules)


BROADEST_SHARE = 0.05  # a value that one record in twenty shares says nothing alone
BROADEST_PAIR = 30.0  # expected partners above which hardly a block stays under the cap
NARROW = 1.0  # an atom that finds fewer partners than this alone needs no company

TOKENS = "list_sort(list_distinct(string_split(concat_ws(' ', given_name, surname, full_name), ' ')))"


def single(atom: Atom) -> Rule:
    """Return the rule: the same value."""
    return Rule(atom.name, f"[{atom.key}]", f"{atom.value} is not null")


def pair(one: Atom, other: Atom) -> Rule:
    """Return the rule: two values the same at once."""
    condition = f"{one.value} is not null and {other.value} is not null"
    return Rule(f"{one.name} + {other.name}", f"[xor({one.key}, {other.key})]", condition)


def with_token(atom: Atom) -> Rule:
    """Return the rule: a word of the name, wherever it stands, and a value."""
    keys = f"list_transform({TOKENS}, lambda token: xor(hash(token), {atom.key}))"
    return Rule(f"name word + {atom.name}", keys, f"{atom.value} is not null")


TOKEN_PAIR = Rule(
    "two name words",
    f"flatten(list_transform({TOKENS}, lambda one: list_transform("
    f"list_filter({TOKENS}, lambda other: other > one), lambda other: hash(one, other))))",
    "true",
)


@stage(reads=(LINK_VALUE,), writes=LINK_BLOCK)
def collect_blocks(rules: tuple[tuple[int, Rule], ...], largest: int) -> str:
    """Put records that agree on a rule into a block; blocks of one and blocks above the largest are dropped."""
    keyed = " union all ".join(
        f"select {number}::smallint as rule, unnest({rule.keys}) as key, row from link_value where {rule.condition}"
        for number, rule in rules
    )
    return f"""
        with keyed as materialized (select rule, xor(key, hash(rule)) as key, row from ({keyed})),
        sized as (select key, count(*)::integer as size from keyed group by key having count(*) between 2 and {largest})
        select keyed.rule, keyed.key, keyed.row, sized.size from keyed join sized using (key)"""


@stage(reads=(LINK_BLOCK, LINK_VALUE), writes=LINK_PROPOSAL)
def propose_pairs(caps: tuple[tuple[int, int], ...], allowed: str) -> str:
    """Pair the records of each block no larger than its rule's cap, where the two may be one person at all."""
    limits = ", ".join(f"({rule}::smallint, {cap})" for rule, cap in caps)
    return f"""
        with cap(rule, largest) as (values {limits}),
        member as (
            select b.rule, b.key, v.row, v.source, v.exclusive, v.national_id
            from link_block b join cap on cap.rule = b.rule and b.size <= cap.largest join link_value v on v.row = b.row
        )
        select l.row as row_l, r.row as row_r, min(l.rule)::smallint as rule
        from member l join member r on r.key = l.key and l.row < r.row
        where {allowed}
        group by l.row, r.row"""


def allowed_pairs(is_link: bool) -> str:
    """Return the condition that two records may be one person: sources and citizen numbers do not forbid it."""
    across = "l.source <> r.source" if is_link else "(l.exclusive < 0 or l.exclusive <> r.exclusive)"
    return f"{across} and coalesce(l.national_id = r.national_id, true)"
