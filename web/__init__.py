"""What only the website needs: one Sphinx extension, its style and its scripts.

Installed by `_config.yml`. The parts, in the order in which they meet a page: `cells` (what a
notebook's cell ids mean on the page) with `folds`, `paths` and `predictions`, `numbers` (the tables
behind the figures), `contents` (what the book holds), `claims` (the ledger of everything that the
book asserts), `status` (its runs and their costs), `museum` with `exhibits` (reported bugs, traced
again), `quiz` (what people believe, and where to begin), `chart` with `needs` (the map of the
chapters), `symptoms` (their anchors and reproductions), `places` (links and a filter for long
lists), `first` with `sum_figure`, `chips`, `cards` and `proof` (the first page), `mathematics`
(formulas, typeset at build time), `ends` (the card at a chapter's end), `feet` (an edit, a report),
`terms` (definitions where terms occur), `search` with `entries`, `rare`, `oneline` and `finder/`
(an index by section, and what finds in it), `head` with `schema` and `social` (what a page says of
itself, and its card), `tracing` with `followed` (a function of the reader's own, traced on its
page, and which functions of NumPy are), `pages` with `listings` (titles, menus, pictures,
accessibility, lines of code), `heights` (sections that are laid out when they come near), `runtime`
with `modules` (Python for the pages that run it), `editing` (what readers edit cells with),
`bundle` with `sheets` (one style sheet, one script, fonts with the glyphs in use), `moved` (old
addresses), `lost` (the page for addresses that are none), `addresses` (of links that leave the
book), `citation` (how to cite it), `launch` (where Colab finds a chapter), `origin` (where the
source is), `downloads` (a place for links to what is made of the whole site).
"""

import hashlib
import os
from pathlib import Path

HERE = Path(__file__).parent

# Kernels started by the build inherit these: figures come as frames, sums in one order.
KERNEL = {"EXPLORE_STATIC": "1", "OPENBLAS_NUM_THREADS": "1"}


def digest():
    """Return a fingerprint of this folder: when it changes, every page is made anew."""
    parts = sorted(path for path in HERE.rglob("*")
                   if path.is_file() and "__pycache__" not in path.parts)
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()


def setup(app):
    """Install the parts; they take seconds to import, and nobody but a build needs them."""
    from web import (
        addresses,
        bundle,
        cache,
        cards,
        cells,
        chart,
        chips,
        citation,
        claims,
        downloads,
        editing,
        ends,
        feet,
        first,
        followed,
        head,
        heights,
        launch,
        lost,
        mathematics,
        moved,
        museum,
        numbers,
        origin,
        pages,
        proof,
        quiz,
        runtime,
        search,
        status,
        sum_figure,
        symptoms,
        terms,
        tracing,
    )

    os.environ.update(KERNEL)
    cache.mend()
    app.add_config_value("web_digest", digest(), "env", str)
    for name in ("chapter.css", "run.css", "cells.css"):
        app.add_css_file(name)
    app.config.templates_path.append(str(HERE / "templates"))
    app.add_js_file("predict.js", priority=100)  # before the theme's: no error there may stop it
    for name in ("terms.js", "filter.js", "progress.js", "begin.js", "present.js", "parts.js",
                 "search.js", "cells.js"):
        app.add_js_file(name)
    for part in (cells, numbers, claims, status, museum, quiz, chart, symptoms, mathematics, ends,
                 feet, terms, search, tracing, followed, first, sum_figure, chips, cards, proof,
                 downloads, pages, heights, head, editing, runtime, bundle, lost, moved, addresses,
                 citation, launch, origin):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
