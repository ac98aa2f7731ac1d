"""Real time: one person's history, and claims checked against it as they arrive.

In: history once, then claims. Out: what each claim changes.
Invariant: folding the checks of all claims of a person in time order gives the batch's findings (contract 25).
"""

from __future__ import annotations

import json
from typing import Any, Optional, TypedDict

from . import _native
from ._errors import translated
from ._report import Finding
from ._shapes import NotEvaluated, Reject, Withdrawn
from ._tables import Renames, Tables, as_json, read


class Check(TypedDict):
    """What one claim changes."""

    #: Findings that are new, changed, or name a record of the claim.
    findings: list[Finding]
    #: Findings that no longer hold.
    withdrawn: list[Withdrawn]
    #: Rules that one person's records cannot decide.
    not_evaluated: list[NotEvaluated]
    #: Rows of the claim that could not be read.
    rejects: list[Reject]


class Session:
    """One person's records. Make one with :meth:`Ruleset.session`; threads may share it.

    >>> session = ruleset.session({"visit": [{"mdtrt_id": "V0", "psn_no": "P1", "time": "2024-02-01"}], "item": []})
    >>> claim = {"item": [{"feedetl_sn": "L9", "visit": "V0", "fee_ocur_time": "2024-03-02", "amount": "1200"}]}
    >>> [finding.amount for finding in session.check(claim)["findings"]]
    [Decimal('200.0000')]
    >>> claim["item"][0]["amount"] = "900"
    >>> session.check(claim)["withdrawn"]
    [{'rule_id': 'X1', 'subject_key': 'L9'}]
    >>> session.findings
    []
    """

    def __init__(self, native: _native.Session, rules: _native.Ruleset) -> None:
        self._native = native
        self._rules = rules

    def check(self, claim: Tables, *, rename: Optional[Renames] = None) -> Check:
        """Adds a claim to the history and says what it changes. A record with a known key replaces the known one."""
        text = None if rename else as_json(claim)
        with translated():
            if text is not None:
                answer = self._native.check_json(text)
            else:
                answer = self._native.check(read(self._rules, claim, rename, 1))
        check: Any = json.loads(answer)
        check["findings"] = [Finding(finding) for finding in check["findings"]]
        return check  # type: ignore[no-any-return]

    @property
    def findings(self) -> list[Finding]:
        """Everything that holds now, by rule id, then subject key."""
        return [Finding(finding) for finding in json.loads(self._native.findings_json())]

    @property
    def rejects(self) -> list[Reject]:
        """Rows of the history that could not be read."""
        rejects: list[Reject] = json.loads(self._native.rejects_json())
        return rejects
