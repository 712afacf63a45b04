# The words of the day. `.ci/run` says the same ones.

fmt:
    cargo fmt --all

lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Everything, with a real server that is started and stopped
test *ARGS:
    scripts/test {{ARGS}}

# Only what needs a real server
test-db:
    scripts/test --test it -- catalog properties runner

# Write down what the cases and conversations say now, to be read in review
bless:
    ALUDEL_BLESS=1 scripts/test --test it

doc:
    cargo doc --workspace --no-deps --open

# What generated code costs (`code`), or who waits for a change of the schema (`waits`); minutes
measure *ARGS:
    scripts/measure {{ARGS}}

# The wheel for machines without Rust: built, installed into an empty environment, and tried there
package *ARGS:
    scripts/package {{ARGS}}
