//! What may stand at a key, each shape a type that is never made.

use std::marker::PhantomData;

use super::words::{Switch, Vocabulary};
use super::{Form, Formed};

/// What a value may be.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A string, a number or a boolean.
    Scalar,
    /// One of these strings.
    Words(fn() -> Vec<&'static str>),
    /// A list.
    List(&'static Shape),
    /// A list of at least one.
    NonEmpty(&'static Shape),
    /// A table whose keys are names.
    Map(&'static Shape),
    /// A table with known keys.
    Form(&'static Form),
    /// One of two.
    Either(&'static Shape, &'static Shape),
}

/// A type that stands for a shape.
pub(crate) trait Shaped {
    /// The shape.
    const SHAPE: Shape;
}

/// A shape that any string fits.
pub(crate) trait Textual: Shaped {}

/// Shapes that have no parts.
macro_rules! simple {
    ($($(#[$doc:meta])* $name:ident = $shape:ident;)+) => {
        $(
            $(#[$doc])*
            pub(crate) enum $name {}

            impl Shaped for $name {
                const SHAPE: Shape = Shape::$shape;
            }
        )+
    };
}

simple! {
    /// A string.
    Text = Text;
    /// A string that says nothing where it is empty.
    Comment = Text;
    /// `true` or `false`.
    Flag = Flag;
    /// A whole number.
    Integer = Integer;
    /// A string, a number or a boolean.
    Scalar = Scalar;
}

/// One of the words of a vocabulary.
pub(crate) struct Words<W>(PhantomData<W>);

/// `true` or `false`, or a word that says more.
pub(crate) struct FlagOr<W>(PhantomData<W>);

/// A list.
pub(crate) struct List<V>(PhantomData<V>);

/// A list of at least one.
pub(crate) struct NonEmpty<V>(PhantomData<V>);

/// A table whose keys are names.
pub(crate) struct Map<V>(PhantomData<V>);

/// A table with known keys, or what is short for it.
pub(crate) struct Table<F>(PhantomData<F>);

/// One of two.
pub(crate) struct Either<A, B>(PhantomData<(A, B)>);

/// Names.
pub(crate) type Names = List<Text>;

/// Options with their values; those with a prefix may stand in a table of their own.
pub(crate) type Options = Map<Either<Scalar, Map<Scalar>>>;

/// Names with values.
pub(crate) type Values = Map<Scalar>;

impl<W: Vocabulary> Shaped for Words<W> {
    const SHAPE: Shape = Shape::Words(W::words);
}

impl<W: Switch> Shaped for FlagOr<W> {
    const SHAPE: Shape = Shape::Either(&Shape::Flag, &Shape::Words(W::words));
}

impl<V: Shaped> Shaped for List<V> {
    const SHAPE: Shape = Shape::List(&V::SHAPE);
}

impl<V: Shaped> Shaped for NonEmpty<V> {
    const SHAPE: Shape = Shape::NonEmpty(&V::SHAPE);
}

impl<V: Shaped> Shaped for Map<V> {
    const SHAPE: Shape = Shape::Map(&V::SHAPE);
}

impl<F: Formed> Shaped for Table<F> {
    const SHAPE: Shape = Shape::Form(F::FORM);
}

impl<A: Shaped, B: Shaped> Shaped for Either<A, B> {
    const SHAPE: Shape = Shape::Either(&A::SHAPE, &B::SHAPE);
}

impl Textual for Text {}

impl Textual for Comment {}

impl Textual for Scalar {}
