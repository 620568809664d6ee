"""Certify a routine: the course's hostile cases, held against code of one's own."""

from lib.grade.certify.apart import apart, own_output
from lib.grade.certify.certifying import KINDS, certify
from lib.grade.certify.limits import in_time
from lib.grade.certify.loading import Misuse, loaded
from lib.grade.certify.written import FORMATS, arguments_of, literal

__all__ = ["FORMATS", "KINDS", "Misuse", "apart", "arguments_of", "certify", "in_time", "literal",
           "loaded", "own_output"]
