//! What JSON Schema says of the types that are one text or one map, for the API's document.

use utoipa::openapi::schema::{AdditionalProperties, KnownFormat, ObjectBuilder, SchemaFormat};
use utoipa::openapi::{RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::{Currency, CustomerId, OrderId, ProductId, Timestamp};

/// The alphabet and the length of identifiers.
const IDENTIFIER: &str = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

/// A text that fits to a regular expression.
pub fn text_schema(pattern: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).into()
}

/// A map with any keys.
pub fn map_schema(values: Type) -> RefOr<Schema> {
    let values = RefOr::T(Schema::from(ObjectBuilder::new().schema_type(values)));
    let values = AdditionalProperties::RefOr(values);
    ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(values)).into()
}

macro_rules! text {
    ($type:ty, $pattern:expr) => {
        impl ToSchema for $type {}

        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                text_schema($pattern)
            }
        }
    };
}

text!(OrderId, IDENTIFIER);
text!(CustomerId, IDENTIFIER);
text!(ProductId, IDENTIFIER);
text!(Currency, "^[A-Z]{3}$");

impl ToSchema for Timestamp {}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}
