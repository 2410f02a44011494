//! A JSON value as a tree, for documents that are not one plain record after the other.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::load::tabular::Value;

/// A value of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A single value.
    Scalar(Value<'static>),
    /// Values in a row.
    Array(Vec<Self>),
    /// Named values, in the order of the document; a name may come twice.
    Object(Vec<(String, Self)>),
}

impl Node {
    /// An object of the fields of a row.
    pub(crate) fn record<S: AsRef<str>>(names: &[S], values: &[Value<'_>]) -> Self {
        let own = |(name, value): (&S, &Value<'_>)| (name.as_ref().to_owned(), Self::Scalar(value.to_own()));
        Self::Object(names.iter().zip(values).map(own).collect())
    }

    /// Its members, where it is an object.
    pub(super) fn members(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Its elements, where it is an array.
    pub(super) fn elements(&self) -> Option<&[Self]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// Its value, where it is a single one.
    pub(super) fn scalar(&self) -> Option<&Value<'static>> {
        match self {
            Self::Scalar(value) => Some(value),
            _ => None,
        }
    }

    /// The names and values of its fields, those of objects inside it named by both; `None` where it is no object.
    pub(crate) fn flat(&self) -> Option<(Vec<String>, Vec<Value<'static>>)> {
        let mut flat = (Vec::new(), Vec::new());
        for (name, node) in self.members()? {
            node.flatten_into(name.clone(), &mut flat);
        }
        Some(flat)
    }

    fn flatten_into(&self, name: String, flat: &mut (Vec<String>, Vec<Value<'static>>)) {
        match self {
            Self::Scalar(value) => {
                flat.0.push(name);
                flat.1.push(value.clone());
            }
            Self::Array(_) => {
                flat.0.push(name);
                flat.1.push(Value::Nested("an array"));
            }
            Self::Object(members) => {
                for (key, node) in members {
                    node.flatten_into(format!("{name}_{key}"), flat);
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

/// Makes a tree of a value.
struct NodeVisitor;

impl<'de> DeserializeSeed<'de> for NodeVisitor {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry::<String, Node>()? {
            members.push(member);
        }
        Ok(Node::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Node, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(Node::Array(elements))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Bool(truth)))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Integer(i128::from(number))))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Integer(i128::from(number))))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Float(number)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Text(Cow::Owned(text))))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }
}
