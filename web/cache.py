"""Let the cache of executed notebooks lie in any folder, such as one called `my%20book`."""

from jupyter_cache.cache import db
from sqlalchemy import URL, create_engine


def open_database(address):
    """Return the engine of the database whose path stands in an address as it is."""
    return create_engine(URL.create("sqlite", database=address.removeprefix("sqlite:///")))


def mend():
    """Mend jupyter-cache, which writes the path into an address.

    There SQLAlchemy, from 2.1 on, reads %20 as a space, and finds no such folder.
    """
    db.create_engine = open_database
