"""Vectors as lists and as arrays."""

import json
import math
import unittest
from functools import partial
from typing import Annotated

import numpy as np
import pgvector
import pydantic

from aludel_runtime import arrays, vectors


class Request(pydantic.BaseModel):
    numbers: Annotated[
        list[float],
        pydantic.AfterValidator(partial(vectors.check_embedding, 3)),
        vectors.sized(3),
    ]


class ArrayRequest(pydantic.BaseModel):
    numbers: Annotated[
        arrays.ArrayField,
        pydantic.AfterValidator(partial(arrays.check_embedding, 3)),
        arrays.sized(3),
    ]


class Described(unittest.TestCase):
    def test_the_length_is_in_the_schema(self) -> None:
        for request in (Request, ArrayRequest):
            schema = request.model_json_schema()["properties"]["numbers"]
            self.assertEqual((schema["minItems"], schema["maxItems"]), (3, 3))
            self.assertEqual(schema["items"], {"type": "number"})


class Binary(unittest.TestCase):
    def test_both_forms_are_those_of_pgvector(self) -> None:
        values = [0.5, -2.0, 0.25]
        expected = pgvector.Vector(values).to_binary()
        self.assertEqual(vectors.vector_to_binary(values), expected)
        self.assertEqual(arrays.vector_to_binary(np.array(values, "f")), expected)
        expected = pgvector.HalfVector(values).to_binary()
        self.assertEqual(vectors.halfvec_to_binary(values), expected)


class Checked(unittest.TestCase):
    def test_other_lengths_and_infinity_are_rejected(self) -> None:
        for check in (vectors.check, arrays.check):
            self.assertEqual(len(check(2, [1.0, 2.0])), 2)
            with self.assertRaisesRegex(ValueError, "expected 3 dimensions, not 2"):
                check(3, [1.0, 2.0])
            for wrong in (math.nan, math.inf, 1e39):
                with self.assertRaisesRegex(ValueError, "NaN or infinity at 1"):
                    check(2, [1.0, wrong])
            check(2, [1.0, 65519.0], half=True)
            with self.assertRaisesRegex(ValueError, "at 1"):
                check(2, [1.0, 65520.0], half=True)

    def test_large_finite_numbers_are_not_infinity(self) -> None:
        # Their sum is, in 32 bits.
        vectors.check(2, [3e38, 3e38])

    def test_errors_of_requests_are_json(self) -> None:
        # A framework answers with them; NaN in them would be an error of its own.
        for model in (Request, ArrayRequest):
            with self.assertRaises(pydantic.ValidationError) as raised:
                model.model_validate({"numbers": [1.0, math.nan, 2.0]})
            [error] = raised.exception.errors()
            self.assertEqual(error["loc"], ("numbers",))
            self.assertIn("NaN or infinity at 1", error["msg"])
            json.dumps(error, allow_nan=False)


class InSql(unittest.TestCase):
    def test_types_have_the_schema_of_pgvector(self) -> None:
        class Elsewhere(vectors.Embedding):
            cache_ok = True
            namespace = '"Extensions"'

        self.assertEqual(Elsewhere(3).get_col_spec(), '"Extensions".VECTOR(3)')
        self.assertEqual(vectors.Embedding(3).get_col_spec(), "VECTOR(3)")
        self.assertEqual(arrays.HalfEmbedding().get_col_spec(), "HALFVEC")


if __name__ == "__main__":
    unittest.main()
