"""Make slides of a chapter: failure, prediction, figure alive, law; the prose as speaker's notes.

    python -m homework slides softmax            all sections
    python -m homework slides softmax --core     a lecture: the core path alone

The deck is one file that needs no network: arrow keys turn the slides, the next click after a
question marks its answer, N shows the notes, S opens them in a window, and print is the handout.
"""

import html
import re

from homework.kit import ROOT, files, lessons, markup, pictures
from homework.kit.slides import slides

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}: slides</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{style}</style></head>
<body><main>
{slides}
</main>
<div class="deck-bar"><span class="deck-clock"></span>
<button class="deck-back" type="button" aria-label="Back">‹</button><span class="deck-place"></span>
<button class="deck-next" type="button" aria-label="Next">›</button></div>
<p class="deck-said visually-hidden" role="status"></p>
<script>{script}</script></body></html>
"""


def written(slide, number, figure=""):
    """Return a slide as HTML."""
    notes = "".join(markup.block(text) for text in slide.notes)
    # The heading of a cell is the heading of its slide.
    notes = re.sub(r"<h\d>.*?</h\d>", "", notes)
    picture = f'<div class="picture">{figure}</div>' if figure.startswith("<img") else figure
    steps = f' data-steps="{slide.steps}"' if slide.steps else ""
    said = re.search(r"<li class=is-answer>(.*?)</li>|<p class=\"answered\">(.*?)</p>", slide.body)
    told = (f'<span class="answer-said visually-hidden">{said[1] or said[2]}</span>'
            if said and slide.steps else "")
    label = html.escape(re.sub(r"<[^>]+>", "", slide.label), quote=True)
    return (f'<section class="slide {slide.kind}" id="s{number}" aria-label="{label}"{steps}>'
            f'{slide.body}{picture}<aside class="notes">{told}{notes}</aside></section>')


def deck(chapter, site=None, core=False):
    """Return a chapter's deck as one page; without a site its figures are left out."""
    made = slides(chapter, core)
    figures = {one.figure: pictures.figure(site, chapter.topic, one.figure) if site else ""
               for one in made if one.figure}
    made = [one for one in made if not (site and one.figure and not figures[one.figure])]
    body = "\n".join(written(one, number, figures.get(one.figure, ""))
                     for number, one in enumerate(made, 1))
    assets = ROOT / "web" / "assets"
    own = ROOT / "homework" / "kit" / "assets"
    style = "\n".join([markup.sheet(body), (assets / "explore.css").read_text(encoding="utf-8"),
                       (own / "deck.css").read_text(encoding="utf-8")])
    script = "\n".join([(assets / "explore.js").read_text(encoding="utf-8"),
                        (own / "deck.js").read_text(encoding="utf-8")])
    return PAGE.format(title=html.escape(markup.plain(lessons.title(chapter))), style=style,
                       slides=body, script=script)


def main(arguments=None):
    """Write the decks; return the exit status."""
    parser = files.parser("slides", __doc__, site=True)
    parser.add_argument("--core", action="store_true", help="the core path alone")
    options = parser.parse_args(arguments)
    for topic in files.topics(options.topic):
        chapter = lessons.lesson(topic)
        page = deck(chapter, pictures.site_of(topic, options.site), options.core)
        made = slides(chapter, options.core)
        path = files.write(options.out, topic, "slides.html", page)
        print(f"{path}: {len(made)} slides, at most {max(one.words for one in made)} words, "
            f"{len(page) // 1000} kB")
    return 0
