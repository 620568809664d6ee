"""Graphs from practice, as matrices."""

from dataclasses import dataclass
from importlib.resources import as_file

import numpy as np

from lib.problems.datasets import data_file


@dataclass(frozen=True)
class Graph:
    """A graph without directions or weights, whose nodes belong to groups.

    Attributes
    ----------
    adjacency : ndarray, shape (n, n), float64, read-only
        1 where two nodes are joined by an edge, else 0.
    groups : ndarray of int, shape (n,), read-only
        Which group each node belongs to.
    """

    adjacency: np.ndarray
    groups: np.ndarray

    @property
    def laplacian(self):
        """Return the degrees of the nodes, on a diagonal, less the adjacency matrix.

        Its eigenvalues are not negative; there are as many zeros as the graph has components.
        """
        return np.diag(np.sum(self.adjacency, axis=0)) - self.adjacency


def read_graph(name):
    """Return a graph.

    Parameters
    ----------
    name : {"karate"}
        Zachary's karate club: 34 members, an edge where two of them met outside the club, 78 in
        all, and which of the two clubs each joined when it broke in two (0 that of the instructor,
        node 0; 1 that of the officers, around node 33). The second eigenvalue of its Laplacian is
        0.468525, the largest 18.136696.

    Returns
    -------
    Graph

    Raises
    ------
    ValueError
        If there is no graph of this name.

    References
    ----------
    Zachary, J. Anthropological Res. 33 (1977).

    Examples
    --------
    >>> club = read_graph("karate")
    >>> club.adjacency.shape, int(club.adjacency.sum()) // 2, club.groups.sum()
    ((34, 34), 78, np.int64(17))
    """
    with as_file(data_file("graph", name, "graphs")) as path:
        table = np.loadtxt(path, delimiter=",", dtype=int)
    adjacency, groups = (table[:, :-1] > 0).astype(float), table[:, -1]
    for array in (adjacency, groups):
        array.flags.writeable = False
    return Graph(adjacency, groups)
