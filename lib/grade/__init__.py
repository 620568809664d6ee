"""Judge what a reader wrote by its numerical quality, case by case, without ever raising."""

from lib.grade.checks import check_accuracy, check_counterexample, check_identity, check_value
from lib.grade.report import Case, Report

__all__ = [
    "Case",
    "Report",
    "check_accuracy",
    "check_counterexample",
    "check_identity",
    "check_value",
]
