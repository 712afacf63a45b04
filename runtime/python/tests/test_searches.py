"""What a search sets, and maximal marginal relevance."""

import unittest

from aludel_runtime.mmr import mmr
from aludel_runtime.searches import Search


class Settings(unittest.TestCase):
    def test_a_small_search_sets_nothing(self) -> None:
        self.assertEqual(Search(method="hnsw", k=10).settings(), {})

    def test_more_rows_are_more_candidates(self) -> None:
        settings = Search(method="hnsw", k=100).settings()
        self.assertEqual(settings["hnsw.ef_search"], "100")
        self.assertEqual(settings["hnsw.iterative_scan"], "strict_order")
        self.assertEqual(settings["plan_cache_mode"], "force_custom_plan")

    def test_ivfflat_is_sorted_again(self) -> None:
        search = Search(method="ivfflat", k=10, filtered=True)
        self.assertTrue(search.relaxed())
        self.assertEqual(search.settings()["ivfflat.iterative_scan"], "relaxed_order")
        self.assertFalse(Search(method="ivfflat", k=10, exact=True).relaxed())


class Mmr(unittest.TestCase):
    def test_variety_counts(self) -> None:
        near = [[1.0, 0.0], [0.99, 0.01], [0.6, 0.8]]
        self.assertEqual(mmr([1.0, 0.0], near, 2, 1.0), [0, 1])
        self.assertEqual(mmr([1.0, 0.0], near, 2, 0.3), [0, 2])
        self.assertEqual(mmr([1.0, 0.0], [], 2, 0.5), [])


if __name__ == "__main__":
    unittest.main()
