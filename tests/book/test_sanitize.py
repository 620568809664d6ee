"""What nbval may overlook: two things, and never a number."""

import configparser
import re
from pathlib import Path

import pytest
from nbval.plugin import get_sanitize_patterns

FILE = Path(__file__).parents[1] / "nbval_sanitize.cfg"
TEXT = FILE.read_text(encoding="utf-8")


def sanitize(text, rules=TEXT):
    """Return a text as nbval compares it under the rules of a sanitising file."""
    for regex, replace in get_sanitize_patterns(rules):
        text = re.sub(regex, replace, text)
    return text


def eaten(rules):
    """Return the numbers, as Python writes them, that the rules would change."""
    numbers = ["0x1.8p+1", "0x1.999999999999ap-4", "-0x1p-1074", "0x3ff", "3.14", "1e-16",
               "5e-324", "1.1102230246251565e-16", "302049", "[0.1 0.2]", "nan", "-inf", "0.0",
               "Fraction(1, 3)", "0b101", "np.float32(0.1)", "12:30", "x = 0x10"]
    return [number for number in numbers if sanitize(number, rules) != number]


def test_nbval_reads_every_rule():
    # nbval drops a rule in silence when a line stands between regex and replace.
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(TEXT)
    assert len(parser.sections()) == len(list(get_sanitize_patterns(TEXT))) == 2


def test_addresses_and_names_of_temporary_files_are_overlooked():
    assert sanitize("<function f at 0x7f3c2a>") == "<function f at ADDRESS>"
    assert sanitize("/tmp/ipykernel_12/345.py") == "/tmp/CELL"
    assert sanitize(r"C:\Temp\ipykernel_12\345.py") == r"C:\Temp\CELL"


def test_no_number_is_overlooked():
    assert not eaten(TEXT)


@pytest.mark.parametrize("regex", [r"0x[0-9a-f]+", r"\d+\.\d+", r"\d\de-\d+"])
def test_a_rule_that_eats_numbers_is_noticed(regex):
    assert eaten(f"{TEXT}\n[Too much]\nregex: {regex}\nreplace: X\n")
