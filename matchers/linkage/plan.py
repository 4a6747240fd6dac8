"""What a spec may decide in the engine's place: which rules propose pairs, and how a role is compared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from matchers.errors import LinkInputError
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

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles its rules name, each once."""
        return tuple(dict.fromkeys(role for rule in self.rules for role in rule))

    def blocking(self, own: tuple[Rule, ...], known: Collection[str]) -> tuple[Rule, ...]:
        """Return the planned rules before the engine's own, or alone; raises LinkInputError where a role has no data."""
        absent = sorted(set(self.roles) - set(known))
        if absent:
            raise LinkInputError(f"blocking names roles without data: {', '.join(absent)}. Leave them out of the spec.")
        planned = tuple(Rule(rule) for rule in self.rules)
        return planned if self.only_these else planned + tuple(rule for rule in own if rule not in planned)


NO_PLAN = Plan()
