"""Addresses of servers."""

import unittest

from aludel_runtime.engine import address, make_engine
from aludel_runtime.vector_engine import make_engine as make_vector_engine


class Address(unittest.TestCase):
    def test_urls_of_libpq_name_the_driver(self) -> None:
        for url in ("postgres://u:p@h:1/d", "postgresql://u:p@h:1/d"):
            shown = address(url).render_as_string(hide_password=False)
            self.assertEqual(shown, "postgresql+asyncpg://u:p@h:1/d")

    def test_other_drivers_stay(self) -> None:
        url = "postgresql+psycopg://h/d?sslmode=require"
        self.assertEqual(address(url).render_as_string(), url)

    def test_sslmode_is_ssl(self) -> None:
        made = address("postgres://h/d?sslmode=require&application_name=a")
        self.assertEqual(made.query, {"ssl": "require", "application_name": "a"})

    def test_engines_take_them(self) -> None:
        for make in (make_engine, make_vector_engine):
            engine = make("postgres://h/d", pool_size=3)
            self.assertEqual(engine.dialect.driver, "asyncpg")


if __name__ == "__main__":
    unittest.main()
