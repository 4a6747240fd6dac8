"""What a spec may decide in the engine's place: which rules propose pairs, and how a role is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matchers.errors import LinkInputError
from matchers.linkage.atoms import Atom, whole
from matchers.linkage.blocking import Rule
from matchers.linkage.fields import Field

NAME_PARTS = frozenset({"given_name", "surname"})


@dataclass(frozen=True)
class Comparison:
    """How one role is compared; None leaves the choice to the engine. `bounds` are likenesses, lowest level first."""

    kind: str | None = None
    is_shared: bool | None = None
    bounds: tuple[float, ...] = ()
    is_compared: bool = True

    def applied(self, field: Field) -> Field:
        """Return the field with what was decided."""
        return replace(
            field,
            kind=self.kind or field.kind,
            is_shared=field.is_shared if self.is_shared is None else self.is_shared,
            bounds=self.bounds,
        )


@dataclass(frozen=True)
class Plan:
    """Everything decided beforehand; an empty plan leaves all to the engine."""

    rules: tuple[tuple[str, ...], ...] = ()
    only_these: bool = False
    comparisons: tuple[tuple[str, Comparison], ...] = ()

    def fields(self, chosen: tuple[Field, ...]) -> tuple[Field, ...]:
        """Return the fields the engine chose, as the plan wants them."""
        wanted = dict(self.comparisons)
        kept = [field for field in chosen if wanted.get(field.name, Comparison()).is_compared]
        return tuple(wanted[field.name].applied(field) if field.name in wanted else field for field in kept)

    @property
    def may_swap_names(self) -> bool:
        """Whether given name and surname are compared in the engine's own way, which knows swapped slots."""
        return not any(role in NAME_PARTS and said.kind not in (None, "name") for role, said in self.comparisons)

    def atoms(self, known: Sequence[Atom]) -> tuple[Atom, ...]:
        """Return an atom for each role a rule names and the engine does not block by."""
        there = {atom.name for atom in known}
        roles = dict.fromkeys(role for rule in self.rules for role in rule)
        return tuple(whole(role) for role in roles if role not in there)

    def blocking(self, own: tuple[Rule, ...], atoms: Sequence[Atom]) -> tuple[Rule, ...]:
        """Return the planned rules before the engine's own, or alone; raises LinkInputError where a role has no data."""
        places = {atom.name: place for place, atom in enumerate(atoms, start=1)}
        absent = sorted({role for rule in self.rules for role in rule if role not in places})
        if absent:
            raise LinkInputError(f"blocking names roles without data: {', '.join(absent)}. Leave them out of the spec.")
        planned = tuple(Rule(" + ".join(rule), key_of([places[role] for role in rule])) for rule in self.rules)
        names = {rule.name for rule in planned}
        return planned if self.only_these else planned + tuple(rule for rule in own if rule.name not in names)


NO_PLAN = Plan()


def key_of(places: list[int]) -> str:
    """Return SQL for the key of a record: all atoms at once."""
    key = f"atoms[{places[0]}]"
    for place in places[1:]:
        key = f"xor({key}, atoms[{place}])"
    return key
