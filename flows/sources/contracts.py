"""Source contracts from schemas/sources/*.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

import schemas
from matchers.errors import RuleFileError
from schemas.source import SourceContract

CONTRACTS = Path(schemas.__file__).parent / "sources"
# Every command reads all contracts; libyaml takes a tenth of the time where it is there.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def read_contracts(folder: Path = CONTRACTS) -> dict[str, SourceContract]:
    """Return every source contract by source id; raises RuleFileError with every fault of every file at once."""
    contracts: dict[str, SourceContract] = {}
    faults: list[str] = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            contract = read_contract(file)
        except RuleFileError as error:
            faults.append(str(error))
            continue
        contracts[contract.source_id] = contract
    if faults:
        raise RuleFileError("\n".join(faults))
    if not contracts:
        raise RuleFileError(f"no source contract in {folder}. Put schemas/sources back, then run again.")
    return contracts


def read_contract(file: Path) -> SourceContract:
    """Return one source contract; raises RuleFileError that names the file and every fault in it."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506  it is a safe one
        contract = SourceContract.model_validate(content)
    except ValidationError as error:
        said = [f"  {'.'.join(map(str, fault['loc'])) or 'contract'}: {fault['msg']}" for fault in error.errors()]
        raise RuleFileError(f"{file.name} is not a source contract:\n" + "\n".join(said)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f" near line {place.line + 1}" if place else ""
        raise RuleFileError(f"{file.name} is not YAML{where}. Correct it, then run again.") from error
    if contract.source_id != file.stem:
        raise RuleFileError(f"{file.name} says source_id {contract.source_id}. Give the file and the source one name.")
    return contract


def discovery_contracts() -> tuple[SourceContract, ...]:
    """Return the contracts of the sources a monthly run may open and expects, in the order of their ids."""
    return tuple(contract for contract in possible_contracts() if contract.agreed)


def possible_contracts() -> tuple[SourceContract, ...]:
    """Return the contracts of the sources a monthly run could open, agreed on or not yet."""
    return tuple(c for _, c in sorted(read_contracts().items()) if c.stage == "discovery")


def check_stage_ids() -> frozenset[str]:
    """Return the ids of the sources a monthly run must never open."""
    return frozenset(source_id for source_id, contract in read_contracts().items() if contract.stage == "check")


def unagreed_ids() -> frozenset[str]:
    """Return the ids of the sources a monthly run could use, were they agreed on."""
    return frozenset(c.source_id for c in possible_contracts() if not c.agreed)
