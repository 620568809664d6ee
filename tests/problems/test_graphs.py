"""The karate club is Zachary's, and its Laplacian is that of a graph."""

import numpy as np
import pytest

from lib.problems import Graph, read_graph


def test_the_karate_club_is_the_one_that_was_published():
    club = read_graph("karate")
    assert isinstance(club, Graph) and club.adjacency.shape == (34, 34)
    assert club.adjacency.dtype == np.float64 and club.groups.dtype.kind == "i"
    assert np.array_equal(club.adjacency, club.adjacency.T) and not np.diag(club.adjacency).any()
    assert set(np.unique(club.adjacency)) == {0.0, 1.0} and club.adjacency.sum() == 2 * 78
    assert np.bincount(club.groups).tolist() == [17, 17]
    assert (club.groups[0], club.groups[33]) == (0, 1)
    # The instructor and the administrator had the most friends, 16 and 17.
    degrees = club.adjacency.sum(axis=0)
    assert degrees[0] == 16 and degrees[33] == 17 == degrees.max()


def test_its_spectrum_is_the_stated_one():
    club = read_graph("karate")
    laplacian = np.linalg.eigvalsh(club.laplacian)
    assert abs(laplacian[1] - 0.468525) < 5e-7 and abs(laplacian[-1] - 18.136696) < 5e-7
    adjacency = np.linalg.eigvalsh(club.adjacency)
    assert abs(adjacency[-1] - 6.725698) < 5e-7 and abs(adjacency[0] + 4.487229) < 5e-7


def test_a_laplacian_has_a_zero_for_each_component():
    club = read_graph("karate")
    assert not (club.laplacian @ np.ones(34)).any()
    assert np.sum(np.abs(np.linalg.eigvalsh(club.laplacian)) < 1e-12) == 1
    twice = Graph(np.kron(np.eye(2), club.adjacency), np.tile(club.groups, 2))
    assert np.sum(np.abs(np.linalg.eigvalsh(twice.laplacian)) < 1e-12) == 2


def test_the_sign_of_the_second_vector_splits_the_club_but_for_two():
    club = read_graph("karate")
    second = np.linalg.eigh(club.laplacian)[1][:, 1]
    wrong = np.sum((second > 0) != (club.groups == 1))
    assert min(wrong, 34 - wrong) == 2


def test_the_edges_are_those_of_networkx():
    networkx = pytest.importorskip("networkx", reason="networkx, which torch needs, is missing")
    graph, club = networkx.karate_club_graph(), read_graph("karate")
    assert np.array_equal(networkx.to_numpy_array(graph, weight=None), club.adjacency)
    joined = [int(graph.nodes[k]["club"] == "Officer") for k in range(34)]
    assert joined == club.groups.tolist()


def test_arrays_are_read_only_and_other_names_are_refused():
    for array in (read_graph("karate").adjacency, read_graph("karate").groups):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(ValueError, match="no graph 'dolphins': choose one of karate"):
        read_graph("dolphins")
