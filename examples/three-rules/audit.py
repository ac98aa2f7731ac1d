"""The three rules from Python: `pip install jihe`, then `python audit.py`."""

from pathlib import Path

import jihe

HERE = Path(__file__).parent

ruleset = jihe.compile(HERE)  # every .jihe and .csv file of this folder
claims = (HERE / "claims.json").read_text(encoding="utf-8")
report = ruleset.audit(claims, coverage=("2024-01-01", "2024-12-31"))
for finding in report.findings:
    print(finding.rule_id, finding.subject_key, finding["amount"], finding.message)
