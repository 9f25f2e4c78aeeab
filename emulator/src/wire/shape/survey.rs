//! What has been learnt about a type over several passes.
//!
//! A pass makes one value of the type, so it sees one variant of each enum and stops at a member
//! that refuses its value. Passes are repeated until every variant was seen.

use std::cell::RefCell;

use serde::de::DeserializeOwned;

use super::probe::Probe;

/// What a type is on the wire.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    String,
    Integer,
    Float,
    Boolean,
    Timestamp,
    Blob,
    List(Box<Shape>),
    /// A map with text keys; the shape of its values.
    Map(Box<Shape>),
    Structure {
        name: String,
        /// In the order of the type's fields.
        members: Vec<(String, Shape)>,
    },
    /// An enum whose variants have content.
    Union {
        name: String,
        members: Vec<(String, Shape)>,
    },
    /// An enum of plain names.
    Enum {
        name: String,
        variants: Vec<String>,
    },
    /// Anything: a type that takes what comes, or that refuses `""`, `0` and `false`.
    Document,
    /// The structure or enum of that name, inside which this stands.
    Recursive(String),
}

/// The shape of `T`.
pub fn shape_of<T: DeserializeOwned>() -> Shape {
    Survey::default().run::<T>()
}

/// Marks an enum in a shape that [`Survey::resolve`] has not completed; no type's name has it.
const ENUM_MARK: char = '#';

/// A type as serde names it; the name alone is not unique.
pub(super) type TypeKey = (&'static str, &'static [&'static str]);

#[derive(Default)]
pub(super) struct Survey {
    /// The structures and enums around the place being probed.
    pub(super) stack: RefCell<Vec<TypeKey>>,
    enums: RefCell<Vec<SeenEnum>>,
    /// Members that refuse what the probe has to offer.
    refusing: RefCell<Vec<(TypeKey, &'static str)>>,
    /// Whether this pass has already found the member that makes it fail.
    failed: RefCell<bool>,
}

struct SeenEnum {
    key: TypeKey,
    visits: usize,
    variants: Vec<Option<Variant>>,
}

#[derive(Clone)]
pub(super) enum Variant {
    Plain,
    Content(Shape),
}

impl Survey {
    pub(super) fn run<T: DeserializeOwned>(self) -> Shape {
        loop {
            let refusing = self.refusing.borrow().len();
            self.failed.replace(false);
            self.stack.borrow_mut().clear();
            let mut shape = Shape::Document;
            let outcome = T::deserialize(Probe::new(&self, &mut shape));
            let learnt = self.refusing.borrow().len() > refusing;
            match outcome {
                Err(_) if !learnt => return Shape::Document,
                // Enums seen inside the member that refuses may never be seen again.
                Err(_) => self.enums.borrow_mut().clear(),
                Ok(_) if self.complete() => {
                    self.resolve(&mut shape, &mut Vec::new());
                    return shape;
                }
                Ok(_) => {}
            }
        }
    }

    pub(super) fn is_around(&self, key: TypeKey) -> bool {
        self.stack.borrow().contains(&key)
    }

    pub(super) fn refuses(&self, structure: TypeKey, member: &'static str) -> bool {
        self.refusing.borrow().contains(&(structure, member))
    }

    /// Notes that `member` failed, unless it failed because of a member inside it.
    pub(super) fn note_refusal(&self, structure: TypeKey, member: &'static str) {
        if !self.failed.replace(true) {
            self.refusing.borrow_mut().push((structure, member));
        }
    }

    /// The number of an enum and the variant to try now: each in turn.
    pub(super) fn next_variant(&self, key: TypeKey) -> (usize, usize) {
        let mut enums = self.enums.borrow_mut();
        let known = enums.iter().position(|seen| seen.key == key);
        let number = known.unwrap_or_else(|| {
            enums.push(SeenEnum { key, visits: 0, variants: vec![None; key.1.len()] });
            enums.len() - 1
        });
        let seen = &mut enums[number];
        seen.visits += 1;
        (number, (seen.visits - 1) % key.1.len())
    }

    pub(super) fn note_variant(&self, number: usize, variant: usize, what: Variant) {
        self.enums.borrow_mut()[number].variants[variant] = Some(what);
    }

    /// What stands for an enum until all its variants are known.
    pub(super) fn enum_mark(number: usize) -> Shape {
        Shape::Recursive(format!("{ENUM_MARK}{number}"))
    }

    fn complete(&self) -> bool {
        let enums = self.enums.borrow();
        enums.iter().all(|seen| seen.variants.iter().all(Option::is_some))
    }

    /// Puts enums in the place of their marks; `around` are the enums that are being put.
    fn resolve(&self, shape: &mut Shape, around: &mut Vec<usize>) {
        match shape {
            Shape::List(inner) | Shape::Map(inner) => self.resolve(inner, around),
            Shape::Structure { members, .. } | Shape::Union { members, .. } => {
                for (_, member) in members {
                    self.resolve(member, around);
                }
            }
            Shape::Recursive(mark) => {
                if let Some(number) =
                    mark.strip_prefix(ENUM_MARK).and_then(|number| number.parse().ok())
                {
                    *shape = self.enum_shape(number, around);
                }
            }
            _ => {}
        }
    }

    fn enum_shape(&self, number: usize, around: &mut Vec<usize>) -> Shape {
        let (key, variants) = {
            let seen = &self.enums.borrow()[number];
            (seen.key, seen.variants.clone())
        };
        let name = key.0.to_owned();
        if around.contains(&number) {
            return Shape::Recursive(name);
        }
        if variants.iter().all(|variant| matches!(variant, Some(Variant::Plain))) {
            let variants = key.1.iter().map(|&variant| variant.to_owned()).collect();
            return Shape::Enum { name, variants };
        }
        around.push(number);
        let members = key.1.iter().zip(variants).map(|(&variant, what)| {
            let mut shape = match what {
                Some(Variant::Content(shape)) => shape,
                _ => Shape::Document,
            };
            self.resolve(&mut shape, around);
            (variant.to_owned(), shape)
        });
        let members = members.collect();
        around.pop();
        Shape::Union { name, members }
    }
}
