"""Check the exercises of the chapters: one module for each, one `check_<word>` for each exercise.

A chapter imports its module under one name, `from lib.grade.exercises import lu as exercises`, and
calls `exercises.check_x(answer)`. Cases, references and bounds live here, out of the reader's
sight; where a task is about numbers, some of the cases are drawn from a seed, so that no list of
right values passes. Every check returns a `Report` and never raises.
"""
