"""calcitype: finds calcification in radiology reports and tells dystrophic from metastatic."""

from calcitype.api import classify_frame, classify_report, classify_reports
from calcitype.core import load
from calcitype.results import Evidence, Mention, Reason, Result
from calcitype.schema import Assertion, Cause, Label, Laterality, Mechanism, Site

__all__ = [
    "Assertion",
    "Cause",
    "Evidence",
    "Label",
    "Laterality",
    "Mechanism",
    "Mention",
    "Reason",
    "Result",
    "Site",
    "classify_frame",
    "classify_report",
    "classify_reports",
    "load",
]
