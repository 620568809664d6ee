"""The shared code of the course *Where the Digits Go*.

One subject a module, imported by name: ``from lib.sums import pairwise_sum``.
Modules lie in layers and import only downward; ``tests/test_layers.py`` holds the map.
"""
