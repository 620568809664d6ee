"""Judge what a reader wrote by its numerical quality, case by case, without ever raising."""

from lib.grade.accuracy import check_accuracy
from lib.grade.budget import Budget
from lib.grade.counterexamples import check_counterexample
from lib.grade.identity import check_identity
from lib.grade.limits import within_limits
from lib.grade.predictions import check_value
from lib.grade.reading import check_judgement, check_trace_reading
from lib.grade.report import Case, Report
from lib.grade.watched import WatchedMap, WatchedMatrix, only_products

__all__ = [
    "Budget",
    "Case",
    "Report",
    "WatchedMap",
    "WatchedMatrix",
    "check_accuracy",
    "check_counterexample",
    "check_identity",
    "check_judgement",
    "check_trace_reading",
    "check_value",
    "only_products",
    "within_limits",
]
