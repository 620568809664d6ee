"""The source of instructions: its statements and expressions, by line."""

import dis

from lib.digits.code import Source, instruction


def spread(x):
    """Return x over
    two lines."""
    y = (x
         + 1)
    return [y
            for _ in range(2)]


def test_a_statement_is_found_from_each_of_its_lines():
    source, first = Source(__file__), spread.__code__.co_firstlineno
    assert source.span(first + 3) == source.span(first + 4) == (first + 3, first + 4)
    assert source.function(first + 4) == (first, first + 6)
    assert "".join(source.statement(first + 4).split()) == "y=(x+1)"
    assert Source("no such file").span(3) == (3, 3)


def test_an_instruction_has_the_text_of_its_expression():
    source = Source(__file__)
    (offset,) = [i.offset for i in dis.get_instructions(spread) if i.opname == "BINARY_OP"]
    name, position = instruction(spread.__code__, offset)
    assert name == "BINARY_OP" and source.expression(position) == "x + 1"
    assert source.expression((None, None, None, None)) == ""
