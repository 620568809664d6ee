"""The form of the page on which a reader traces a function: its examples, and its markup."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

from web import runtime, tracing

FOLDER = runtime.HERE.parent / "chapters" / "trace"


@pytest.fixture
def odd(tmp_path):
    """Return an example whose words would break a page that takes them as they are."""
    path = tmp_path / "odd.py"
    path.write_text('"""<b>odd</b> & more"""\n# arguments: "<i>", x=2.0\n# precision: float16\n\n\n'
                    "def f(text, x):\n    return x * 3 if text < '</script>' else x\n")
    return tracing.example(path)


def test_an_example_is_its_code_with_title_arguments_and_precision(odd):
    assert (odd.name, odd.title) == ("odd", "<b>odd</b> & more")
    assert (odd.arguments, odd.precision) == ('"<i>", x=2.0', "float16")
    assert odd.code == "def f(text, x):\n    return x * 3 if text < '</script>' else x\n"
    assert "digits of fp16 are right" in odd.told()["text"]


def test_the_form_shows_words_and_never_markup_of_an_example(odd):
    page = tracing.form([odd])
    assert "<b>odd" not in page and "<i>" not in page
    data = re.search(r'class="tracing-examples">(.*?)</script>', page, re.S)[1]
    assert json.loads(data) == [vars(odd)]
    told = json.loads(re.search(r'class="tracing-told">(.*?)</script>', page, re.S)[1])
    assert told == {"text": odd.told()["text"], "back": odd.told()["back"][0]}
    text = re.search(r"<textarea.*?>\n(.*?)</textarea>", page, re.S)[1]
    assert html.unescape(text) == odd.code


def test_every_control_has_a_label_and_every_tag_an_end(odd):
    opened, labels, fields = [], set(), set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found = dict(attributes)
            if tag == "label":
                labels.add(found["for"])
            if tag in ("select", "textarea", "input"):
                fields.add(found["id"])
            if tag != "input":
                opened.append(tag)

        def handle_endtag(self, tag):
            assert opened.pop() == tag

    Reader().feed(tracing.form([odd]))
    assert labels == fields and not opened


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_every_example_of_the_book_can_be_told(path):
    one = tracing.example(path)
    assert one.precision in tracing.PRECISIONS
    told = one.told()
    assert told["good"] and "lib-trace" in told["html"] and not told["hint"]
    assert "<" not in one.title and len(one.title) < 60


def test_a_precision_is_named_as_the_form_and_as_the_story_name_it(odd):
    page = tracing.form([odd])
    for name, fmt in tracing.PRECISIONS.items():
        assert f'<option value="{name}">{name} ({fmt})</option>' in page
    assert f" of {tracing.PRECISIONS['float16']} are right" in page
