"""What is seen of a page elsewhere: the card of a shared link, the icon of a bookmark."""

import io

import pytest
from docutils import nodes
from PIL import Image

from web import social

CARD = 40_000  # bytes
LONG = "A title that is much too long for any card and goes on and on, over more than two lines"
SENTENCE = "You tell, before you run it, which loss, counter, update or sum will go wrong. " * 3


def drawn(*parts):
    """Return a card as the bytes of its file."""
    data = io.BytesIO()
    social.card("A book", *parts).save(data, "PNG", optimize=True)
    return data.getvalue()


@pytest.mark.parametrize("parts", [
    ("LU", "Short."), (LONG, SENTENCE), (LONG, SENTENCE, ["x" * 60] * 4), ("LU", "", ["loss = 1"]),
])
def test_a_card_has_its_size_is_light_and_the_same_each_time(parts):
    made = Image.open(io.BytesIO(drawn(*parts)))
    assert made.size == (1200, 630)
    assert drawn(*parts) == drawn(*parts) and len(drawn(*parts)) < CARD
    edge = made.convert("RGB").crop((social.WIDTH - 30, 0, social.WIDTH, social.HEIGHT))
    assert len(edge.getcolors()) == 1  # nothing runs over the margin


def test_cards_of_two_pages_differ():
    assert len({drawn("LU", "One."), drawn("QR", "One."), drawn("LU", "Two."),
                drawn("LU", "One.", ["x"])}) == 4


def test_a_card_shows_what_the_failure_prints():
    def cell(step, *lines):
        printed = nodes.literal_block("", "\n".join(lines), classes=["output", "stream"])
        return nodes.container("", printed, classes=["cell", f"step-{step}"])

    silent = nodes.container(classes=["cell", "step-failure"])
    tree = nodes.container("", cell("setup", "no"), silent,
                           cell("failure", "loss = inf", "y" * 90, *"abcd"),
                           cell("failure", "later"))
    lines = social.failure(tree)
    assert lines[0] == "loss = inf" and len(lines) == 4 and len(lines[1]) <= social.LETTERS
    assert social.failure(nodes.container()) == []


def test_the_icon_fills_its_square():
    icon = social.icon()
    corners = {icon.getpixel((x, y)) for x in (0, 179) for y in (0, 179)}
    assert icon.size == (180, 180) and len(corners) == 1 and len(icon.getcolors(9999)) > 3
