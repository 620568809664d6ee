"""What a page says of itself to those who do not read it: browsers, search engines, previews.

Title, description, canonical address, the card of a shared link, and what schema.org wants to know.
Addresses are written in full if the site's own is known: `html: baseurl` in `_config.yml`, or the
variable SITE_ADDRESS of a build. Without it none is invented.
"""

import os
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.errors import ConfigError

from web import schema, social
from web.contents import in_order
from web.mathematics import plain

CARDS, TOUCH = "_static/cards", "_static/touch.png"
COLOURS = {"light": "#fff", "dark": "#121212"}  # the theme's grounds


def take_address(app, config):
    """Take the address of the site from the build's environment, if that has one."""
    given = os.environ.get("SITE_ADDRESS") or config.html_baseurl or ""
    if given and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", given):
        raise ConfigError(f"{given!r} is no address of a site: write it as "
                          "https://example.org/book/, or leave it empty")
    config.html_baseurl = f"{given.rstrip('/')}/" if given else ""


def address(config, name):
    """Return the full address of a page, or "" where the site's own is not known."""
    if not config.html_baseurl:
        return ""
    return config.html_baseurl + ("" if name == "index" else f"{name}.html")


def description(doctree):
    """Return what a page says it is: its field, or else the sentence in italics that it opens with.

    The field is `html_meta: description` in the first lines of a page.
    """
    for one in doctree.findall(nodes.meta):
        if one.get("name") == "description":
            return one["content"]
    for one in doctree.findall(nodes.paragraph):
        if one.children and all(isinstance(part, nodes.emphasis) for part in one):
            return schema.words(one)
    return ""


def tag(name, content, key="name"):
    """Return a meta element, or nothing where there is nothing to say.

    Examples
    --------
    >>> tag("description", 'Sums & "means"')
    '<meta name="description" content="Sums &amp; &quot;means&quot;">'
    >>> tag("og:url", "", "property")
    ''
    """
    return f'<meta {key}="{name}" content="{escape(content)}">' if content else ""


def for_browsers(up):
    """Return what a browser takes for its own frame: colours, and an icon for a bookmark."""
    colours = [f'<meta name="theme-color" media="(prefers-color-scheme: {scheme})" '
               f'content="{colour}">' for scheme, colour in COLOURS.items()]
    return [*colours, f'<link rel="apple-touch-icon" href="{up}{TOUCH}">']


def for_previews(facts):
    """Return what a preview of a shared link shows."""
    sizes = {"width": social.WIDTH, "height": social.HEIGHT, "alt": facts["alt"]}
    made = [tag(f"og:{key}", facts[key], "property")
            for key in ("site_name", "type", "title", "description", "url", "image")]
    made += [tag(f"og:image:{key}", str(value), "property") for key, value in sizes.items()]
    return [*made, tag("twitter:card", "summary_large_image")]


def describe(app, pagename, templatename, context, doctree):
    """Write what a page says of itself into its head."""
    up = "../" * pagename.count("/")
    context["pageurl"] = address(app.config, pagename) if doctree else ""
    # Without a doctree: the search, and what stands for pages that are none.
    made = of_page(app, pagename, context, doctree, up) if doctree else [tag("robots", "noindex")]
    context["metatags"] = "\n    ".join(filter(None, [*made, *for_browsers(up)]))


def of_page(app, pagename, context, doctree, up):
    """Return what a page of the book says, after drawing its card."""
    config, first, text = app.config, pagename == app.config.root_doc, description(doctree)
    title = plain(context.get("title") or "")
    if first:
        title = context["title"] = ": ".join([config.html_title, *text.split(",")[:1]])
        context["docstitle"] = ""
    name = plain(app.env.titles[pagename].astext())
    card = f"{CARDS}/{pagename.replace('/', '-')}.png"
    social.write(social.card(config.html_title, name, text, social.failure(doctree)),
                 Path(app.outdir, card))
    facts = {"site_name": config.html_title, "type": "website" if first else "article",
             "title": title if first else name, "description": text, "url": context["pageurl"],
             "image": (config.html_baseurl or up) + card, "alt": f"{title}. {text}"}
    return [tag("description", text), *for_previews(facts),
            schema.script(thing(app.env, pagename, doctree, text))]


def thing(env, pagename, doctree, text):
    """Return what schema.org wants to know of a page, or None."""
    def where(name):
        return address(env.config, name)

    if pagename == env.config.root_doc:
        return schema.course(env, text, where)
    return schema.chapter(env, pagename, doctree, text, where)


def finish(app, exception):
    """Draw the icon; where the site's address is known, list its pages for search engines."""
    if exception or app.builder.format != "html":
        return
    site, config = Path(app.outdir), app.config
    social.write(social.icon(), site / TOUCH)
    if config.html_baseurl:
        urls = "".join(f"<url><loc>{escape(address(config, name))}</loc></url>\n"
                       for name in in_order(config.external_site_map))
        (site / "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/'
            f'schemas/sitemap/0.9">\n{urls}</urlset>\n', encoding="utf-8")
        (site / "robots.txt").write_text(
            f"User-agent: *\nAllow: /\nSitemap: {config.html_baseurl}sitemap.xml\n")


def setup(app):
    """Connect the parts."""
    app.connect("config-inited", take_address, priority=100)
    # When the titles are plain text, and before the first page adds its sheet to the head.
    app.connect("html-page-context", describe, priority=905)
    app.connect("build-finished", finish, priority=860)
