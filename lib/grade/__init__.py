"""Judge what a reader wrote by its numerical quality, case by case, without ever raising."""

from lib.grade.accuracy import check_accuracy
from lib.grade.budget import Budget
from lib.grade.calls import is_stub
from lib.grade.certify import certify
from lib.grade.counterexamples import check_counterexample
from lib.grade.identity import check_identity
from lib.grade.limits import within_limits
from lib.grade.marks import WORTH, arithmetic, fraction, points
from lib.grade.predictions import check_value
from lib.grade.reading import check_judgement, check_trace_reading
from lib.grade.report import Case, Report
from lib.grade.watched import WatchedMap, WatchedMatrix, only_products

__all__ = [
    "WORTH",
    "Budget",
    "Case",
    "Report",
    "WatchedMap",
    "WatchedMatrix",
    "arithmetic",
    "certify",
    "check_accuracy",
    "check_counterexample",
    "check_identity",
    "check_judgement",
    "check_trace_reading",
    "check_value",
    "fraction",
    "is_stub",
    "only_products",
    "points",
    "within_limits",
]
