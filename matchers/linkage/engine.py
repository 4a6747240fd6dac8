"""The linkage engine: a table of records with roles in, weighed pairs and clusters out; learns from the data alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matchers.errors import LinkInputError
from matchers.linkage.blocking import Rule
from matchers.linkage.clientele import Clientele
from matchers.linkage.clustering import HIGHEST_BITS, TOLD_APART, Conflicts, Edges, cluster
from matchers.linkage.comparison import Comparer
from matchers.linkage.competition import compete, compete_for_owner
from matchers.linkage.dependence import EqualDraws
from matchers.linkage.fields import FIELDS, Field, choose_fields
from matchers.linkage.frequencies import rarity
from matchers.linkage.han_names import in_two_scripts, store_han_names
from matchers.linkage.learning import Drawn, neighbourly, refine, spread_sample
from matchers.linkage.model import LinkModel
from matchers.linkage.name_words import plainly_written
from matchers.linkage.names_alone import is_alone, strangers_levels
from matchers.linkage.placeholders import without_placeholders
from matchers.linkage.plan import NO_PLAN, Plan
from matchers.linkage.proposing import FEW_PAIRS, Blocking, Pairs, every_pair, propose, usual_cap
from matchers.linkage.random_pairs import Naive, equal_shares, naive_shares
from matchers.linkage.readings import Cantonese
from matchers.linkage.records import Records, han_roles, recoded, who_speaks
from matchers.linkage.rivals import rivals
from matchers.linkage.scoring import Scored, Scorer
from matchers.linkage.shapes import Shapes
from matchers.linkage.short_forms import ShortForms
from matchers.linkage.signatures import CEILINGS
from matchers.linkage.silence import with_silent
from matchers.linkage.threads import in_threads
from matchers.linkage.training import estimate, guessed
from matchers.linkage.values import month_comes_first, month_first_sources, newest_year
from matchers.linkage.written import Forms, number_rows, read_person_keys, read_values, read_written
from matchers.linkage.written_dates import LAST_OF_CENTURY
from matchers.stage import Engine
from schemas.links import LINK_NAME, LINK_WRITTEN

NAME_ROLES = ("full_name", "given_name", "surname")
TRAINING_PAIRS = 250_000  # 200,000 to 400,000 moved none of four public sets by more than 0.0004
RANDOM_PAIRS = 250_000
MANY_CERTAIN = 0.5
NUMBERS_OF_A_FILE = ("national_id", "other_id")
SAME_NUMBER = 3


@dataclass(frozen=True)
class LinkSettings:
    """What a linkage job may choose; everything else is learnt."""

    is_link: bool = False
    single_sources: tuple[str, ...] = ()
    threshold: float = 0.5
    block_cap: int | None = None  # None lets the number of records decide
    seed: int = 1
    is_standard: bool = False  # the values are in comparable form already
    cantonese: Cantonese = field(default_factory=dict, repr=False)  # readings of characters
    short_forms: ShortForms = field(default=frozenset(), repr=False)  # of given names, each beside its name
    shapes: Shapes = field(default_factory=dict, repr=False)  # characters beside those of similar shape
    plan: Plan = NO_PLAN
    model: LinkModel | None = None  # learnt before; None learns one from these records
    clientele: Clientele | None = field(default=None, repr=False)  # whom the sources of the rows are about

    @property
    def threshold_bits(self) -> float:
        """The threshold as log2 odds."""
        return float(np.log2(self.threshold / (1.0 - self.threshold)))


@dataclass(frozen=True)
class Linkage:
    """What the engine found: weighed pairs, the cluster of each row, the model, and what may be compared."""

    table: Records
    scored: Scored
    labels: NDArray[np.int64]
    scorer: Scorer | None
    rules: tuple[Rule, ...]

    @property
    def model(self) -> LinkModel | None:
        """The model; None where there was no pair to learn from."""
        return self.scorer.model if self.scorer else None


def link_records(db: Engine, settings: LinkSettings) -> Linkage:
    """Link the records of `link_input`."""
    return link_table(read_table(db, settings), settings)


def link_table(table: Records, settings: LinkSettings) -> Linkage:
    """Link records read before."""
    pairs, rules = pairs_to_compare(table, settings)
    if not len(pairs) or not table.fields:
        nothing = Scored(
            pairs.take(np.zeros(len(pairs), bool)), np.zeros(0), np.zeros(0, bool), np.zeros((0, 0), np.int8)
        )
        return Linkage(table, nothing, np.arange(len(table)), None, rules)
    source = table.source if settings.is_link else None
    comparer = Comparer(
        table.columns,
        source,
        cantonese=settings.cantonese,
        short_forms=settings.short_forms,
        shapes=settings.shapes,
    )
    model = known_model(table, settings) or train(table, pairs, (comparer, settings))
    scorer = Scorer(model, comparer, rarity(model, comparer))
    scored = scorer.score(pairs)
    if settings.is_link:
        scored = compete(scored, table.source, table.conflicts.exclusive)
    if settings.clientele:
        more = settings.clientele.bits(pairs.left, pairs.right)
        scored = compete_for_owner(replace(scored, weight=scored.weight + more), settings.clientele.is_numbered)
    labels = group(table, scored, scorer, settings)
    return Linkage(table, scored, labels, scorer, rules)


def group(table: Records, scored: Scored, scorer: Scorer, settings: LinkSettings) -> NDArray[np.int64]:
    """Return the cluster of each row at a threshold."""
    edges = weighed_edges(table, scored, scorer, settings)
    return cluster(len(table), edges, (table.conflicts, settings.threshold_bits), partial(with_silent, scorer=scorer))


def weighed_edges(table: Records, scored: Scored, scorer: Scorer, settings: LinkSettings) -> Edges:
    """Return the weighed pairs to cluster by: in a link task also rows of one file that go with the same row of another.

    Such a pair is no link, but says whether both can be the person the third row is about. A number that only this file
    has cannot link it to another, but tells its own rows apart.
    """
    edges = Edges(scored.pairs.left, scored.pairs.right, scored.weight)
    if not settings.is_link:
        return edges
    left, right = rivals(edges, table.source, settings.threshold_bits)
    if not len(left):
        return edges
    weight = scorer.score(Pairs(left, right, np.zeros(len(left), np.int16))).weight
    for name in set(NUMBERS_OF_A_FILE) & set(table.columns) - {what.name for what in table.fields}:
        level = scorer.comparer.levels(Field(name, "number"), left, right)
        weight = np.where(level == SAME_NUMBER, HIGHEST_BITS, np.where((level == 0) | (level == 1), TOLD_APART, weight))
    return Edges(
        np.concatenate([edges.left, left]), np.concatenate([edges.right, right]), np.concatenate([edges.weight, weight])
    )


def pairs_to_compare(table: Records, settings: LinkSettings) -> tuple[Pairs, tuple[Rule, ...]]:
    """Return the pairs worth comparing; all of them where they are few."""
    if settings.plan.only_these or pair_total(table) > FEW_PAIRS:
        free = table.conflicts.certain_id == 0
        needing = free if free.mean() < 1.0 - MANY_CERTAIN else free[:0]
        apart = table.apart(settings.is_link)
        compared = [table.columns[what.name] for what in table.fields]
        cap = settings.block_cap or usual_cap(compared, len(table))
        return propose(table.columns, Blocking(len(table), cap, apart, needing, settings.plan))
    pairs, rules = every_pair(len(table))
    return pairs.take(table.allowed(pairs.left, pairs.right, settings.is_link)), rules


def pair_total(table: Records) -> int:
    """Return how many pairs of records there are."""
    return len(table) * (len(table) - 1) // 2


def read_table(db: Engine, settings: LinkSettings) -> Records:
    """Bring the values into comparable form and read them as numbers."""
    rows = number_rows(db, settings.single_sources)
    written = read_written(db, rows)
    columns = read_values(db, written, rows, forms_of(db, frozenset(written), settings))
    columns = columns if settings.is_standard else plainly_written(columns)
    conflicts = Conflicts(rows.exclusive, read_person_keys(db, rows))
    db.drop(LINK_NAME.name, LINK_WRITTEN.name)
    known = settings.plan.fields(tuple(field for field in FIELDS if field.name in columns))
    columns = without_placeholders(columns, known)
    han = han_roles(columns)
    if {"given_name", "surname"} <= set(columns) and not han and settings.plan.may_swap_names:
        columns["surname_as_given"] = recoded(columns["surname"], columns["given_name"])
    table = Records(columns, (), rows.source, conflicts, who_speaks(columns, len(rows)))
    return replace(table, fields=settings.plan.fields(choose_fields(table.both_shares(settings.is_link), han)))


def forms_of(db: Engine, filled: frozenset[str], settings: LinkSettings) -> Forms:
    """Return what the comparable form of the texts depends on; makes `link_name`."""
    named = tuple(role for role in NAME_ROLES if role in filled)
    readings = None if settings.is_standard else settings.cantonese
    has_han = bool(store_han_names(db, named, readings, is_standard=settings.is_standard))
    if settings.is_standard:
        return Forms(is_standard=True, has_han=has_han)
    month_first = month_first_sources(db) if "birth_date" in filled and month_comes_first(db) else ()
    newest = newest_year(db) if "birth_date" in filled else LAST_OF_CENTURY
    mixed = has_han and in_two_scripts(db, named)
    return Forms(month_first, has_han=has_han, in_two_scripts=mixed, newest_year=newest)


def known_model(table: Records, settings: LinkSettings) -> LinkModel | None:
    """Return the model learnt before, fitted to these records; raises LinkInputError where it compares none of them."""
    if settings.model is None:
        return None
    fitted = settings.model.fitted(table.fields, table.allowed_total(settings.is_link))
    if not fitted.fields:
        raise LinkInputError("the model compares nothing these records have. Train one on records of this kind.")
    return fitted


def train(table: Records, pairs: Pairs, tools: tuple[Comparer, LinkSettings]) -> LinkModel:
    """Estimate the model from a sample of the proposed pairs and from random ones."""
    comparer, settings = tools
    # Of few records all pairs were taken, hardly any of them one person's: learnt from a part, the model would hang on chance.
    chosen = spread_sample(len(pairs), FEW_PAIRS if pair_total(table) <= FEW_PAIRS else TRAINING_PAIRS)
    sample = (pairs.left[chosen], pairs.right[chosen])
    allowed = partial(table.allowed, is_link=settings.is_link)
    in_threads(comparer.signs, [what.name for what in table.fields if what.kind in CEILINGS])
    with ThreadPoolExecutor(1) as aside:
        naive_of = aside.submit(learn_naive, table, comparer, settings)
        levels = comparer.matrix(table.fields, *sample)
        naive = naive_of.result()
    drawn = Drawn(levels, sample[0], len(pairs) / max(len(chosen), 1), len(table))
    patterns, total = drawn.by_levels, table.allowed_total(settings.is_link)
    if (table.conflicts.certain_id != 0).any():  # pairs of two certain ids agree as strangers do, but are never weighed
        return estimate(table.fields, patterns, naive, total)
    equals = EqualDraws(table.fields, comparer, allowed, settings.seed)
    guess = guessed(table.fields, patterns, naive, total)
    patterns = neighbourly(guess, drawn, (comparer, equals.by_chance(guess)))
    model = estimate(table.fields, patterns, naive, total)
    return refine(model, drawn, naive, (comparer, equals.by_chance(model)))


def learn_naive(table: Records, comparer: Comparer, settings: LinkSettings) -> Naive:
    """Return how often random pairs agree: equality by counting, the levels below it by a random sample."""
    if is_alone(table.fields):
        levels, equal_share = strangers_levels(table.columns[table.fields[0].name], settings.seed)
        shares = np.eye(table.fields[0].levels)[-1] * equal_share
        return replace(naive_shares(table.fields, levels[:, None], (shares,)), is_of_strangers=True)
    draw = np.random.default_rng(settings.seed)
    rows = np.flatnonzero(table.speaks).astype(np.int32)
    left, right = (rows[draw.integers(0, len(rows), RANDOM_PAIRS)] for _ in range(2))
    kept = table.allowed(left, right, settings.is_link)
    sample = comparer.matrix(table.fields, left[kept], right[kept])
    equal = tuple(equal_by_level(table, comparer, f, settings.is_link) for f in table.fields)
    return naive_shares(table.fields, sample, equal)


def equal_by_level(table: Records, comparer: Comparer, field: Field, is_link: bool) -> NDArray[np.float64]:
    """Return how often random pairs have equal values of a field, by the level equality gets."""
    column = table.columns[field.name]
    if not field.is_counted:
        return np.zeros(field.levels)
    level = comparer.equal_levels(field, np.arange(len(column.texts), dtype=np.int32))
    shares = equal_shares(column, level, table.source, is_link)
    return np.pad(shares, (0, field.levels - len(shares)))
