"""Judges of the problem sets, one module a topic: `check_<word>(answer, seed, variant)`.

They are public, as the sets are: what is judged is a property, on instances that are drawn when
they are graded, from a seed and the student's variant. A judge calls an answer with arrays,
numbers, texts, or a function of such, and looks at nothing but what comes back; so an answer may
run in another process. Whatever an answer calls on the way is its own affair, but for calls of a
function that it is given, which are counted on this side.
"""
