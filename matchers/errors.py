"""What can go wrong, one class per thing the operator must do; each carries the exit code of the command."""

from __future__ import annotations


class MatchError(Exception):
    """Base of every error shown to an operator without a traceback.

    The message says what, where, how many and what to do next, and never holds a person's value.
    """

    exit_code = 1


class UsageError(MatchError):
    """The command was written wrongly: words that do not go together."""

    exit_code = 2


class MissingTableError(MatchError):
    """A stage was asked to run before the table it reads was made."""

    exit_code = 11


class BrokenContractError(MatchError):
    """A table does not keep the promise written in `schemas`."""

    exit_code = 12


class RuleFileError(MatchError):
    """A programme, parameter, source contract or link spec cannot be read as what it claims to be."""

    exit_code = 13


class ReferenceMissingError(MatchError):
    """A reference edition or an area's parameter that a rule needs is not there; nothing is put in its place.

    `parameter` names the figure an area lacks, where it is one.
    """

    exit_code = 14

    def __init__(self, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.parameter = parameter


class LedgerConflictError(MatchError):
    """The ledger says something that does not allow this run, such as a month already released."""

    exit_code = 15


class DeliveryError(MatchError):
    """A delivery is missing, empty, truncated, wrongly named or wrongly encoded."""

    exit_code = 16


class GateError(MatchError):
    """A critical expectation failed; nothing was published."""

    exit_code = 17


class BusyError(MatchError):
    """Another run holds the home folder."""

    exit_code = 18


class StorageError(MatchError):
    """The disk is full or the home folder cannot be written."""

    exit_code = 19


class LinkInputError(MatchError):
    """A table given to the linkage engine cannot be linked as its spec says."""

    exit_code = 20


class AuthorisationError(MatchError):
    """A check-stage source was asked about somebody, on a day or for a source no authorisation covers; nothing was read."""

    exit_code = 24


class RegionFileError(MatchError):
    """A file of a cross-region exchange was changed, is out of date, was used before, or is not for this region or key."""

    exit_code = 25
