"""What is compared: one field per role, how alike two values can be, and what housemates have in common."""

from __future__ import annotations

from dataclasses import dataclass

# Levels of agreement per kind, from nothing alike to equal; a missing value on either side is level -1 and says nothing.
LEVELS: dict[str, tuple[str, ...]] = {
    "name": ("different", "somewhat alike", "alike", "very alike", "in the other's slot", "equal"),
    "han_name": (
        "different",
        "a character shared",
        "one character off",
        "one of similar shape",
        "sounds equal",
        "equal",
    ),
    "full_name": (
        "different",
        "one word alike",
        "some words alike",
        "nearly contained",
        "contained",
        "same words",
        "equal",
    ),
    "spoken_name": ("different", "surname alone", "all but one syllable", "sounds equal"),
    "initial": ("different", "same initial", "equal"),
    "date": ("different", "next year", "same year", "year and month or day", "one slip", "equal placeholder", "equal"),
    "number": ("different", "two slips", "one slip", "equal"),
    "citizen_number": ("different", "fits the mask", "but for the last four", "two slips", "one slip", "equal"),
    "email": ("different", "very alike", "equal"),
    "postcode": ("different", "one slip", "same head", "equal"),
    "text": ("different", "alike", "one inside the other", "very alike", "equal"),
    "near_number": ("different", "near", "same digits", "equal"),
    "exact": ("different", "equal"),
}


@dataclass(frozen=True)
class Field:
    """One thing compared: `is_shared` says that housemates have it in common as a matter of course."""

    name: str
    kind: str
    is_shared: bool = False
    bounds: tuple[float, ...] = ()  # Jaro-Winkler likenesses that part the levels, where a spec gives its own

    @property
    def levels(self) -> int:
        """How many levels of agreement there are."""
        return len(LEVELS[self.kind])

    @property
    def steps(self) -> tuple[float, ...]:
        """The bounds as a text passes them on its way up: a level that no likeness reaches is passed with the next."""
        return (*self.bounds, self.bounds[-1]) if self.bounds and self.kind == "text" else self.bounds

    @property
    def first_equal(self) -> int:
        """The lowest level that only equal values reach; dates have a second one for placeholders."""
        return self.levels - (2 if self.kind == "date" else 1)

    @property
    def family_levels(self) -> int:
        """How many of the lowest levels housemates reach by what their family has in common, where it is part of a value."""
        return 3 if self.kind == "full_name" else 0

    @property
    def is_counted(self) -> bool:
        """Whether counting values tells how often two agree; not where they agree in different writing."""
        return self.kind != "spoken_name"


# House and flat numbers are equal or not unless a spec says near_number: without slips among them, "different" would speak
# more strongly against whoever moved, whose address speaks against it already.
FIELDS: tuple[Field, ...] = (
    Field("given_name", "name"),
    Field("surname", "name", is_shared=True),
    Field("full_name", "full_name"),
    Field("spoken_name", "spoken_name"),
    Field("middle_name", "initial"),
    Field("birth_date", "date"),
    Field("sex", "exact"),
    Field("national_id", "citizen_number"),
    Field("other_id", "number"),
    Field("phone", "number", is_shared=True),
    Field("email", "email"),
    Field("household_no", "exact", is_shared=True),
    Field("postcode", "postcode", is_shared=True),
    Field("place", "text", is_shared=True),
    Field("area", "exact", is_shared=True),
    Field("area_code", "exact", is_shared=True),
    Field("address", "text", is_shared=True),
    Field("street_number", "exact", is_shared=True),
    Field("unit_number", "exact", is_shared=True),
    Field("category", "text"),
)

# A field that hardly ever stands on both sides of a pair cannot be learnt.
LEAST_BOTH_SHARE = 0.0005


def choose_fields(both_share: dict[str, float], han_roles: frozenset[str]) -> tuple[Field, ...]:
    """Return the fields the data can be compared on.

    Given name and surname are cut from the same text as a full name: counting both would count one thing twice. Where names
    stand in two scripts, a record has one or the other.
    """
    has_parts = "spoken_name" not in both_share and (
        min(both_share.get("given_name", 0.0), both_share.get("surname", 0.0)) > both_share.get("full_name", 0.0) / 2
    )
    chosen = []
    for field in FIELDS:
        if both_share.get(field.name, 0.0) <= LEAST_BOTH_SHARE or (field.name == "full_name" and has_parts):
            continue
        kind = "han_name" if field.name in han_roles else field.kind
        chosen.append(Field(field.name, kind, field.is_shared))
    return tuple(chosen)
