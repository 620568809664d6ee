"""The banks of items, one module for each chapter, ten items each."""

import importlib
import pkgutil


def topics():
    """Return the chapters that have a bank, by name."""
    found = {one.name for one in pkgutil.iter_modules(__path__)}
    return sorted(found - {"loops", "traced", "traced_systems"})


def bank(topic):
    """Return the Bank of a chapter."""
    return importlib.import_module(f"{__name__}.{topic}").bank
