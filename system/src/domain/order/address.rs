//! Where an order goes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::text::{InvalidText, bounded, needed};

/// Longest street, city and state, in characters.
const LINE_LENGTH_MAX: usize = 200;
/// Longest ZIP code and country, in characters.
const CODE_LENGTH_MAX: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Address {
    pub street: String,
    pub city: String,
    #[serde(default)]
    pub state: String,
    pub zip_code: String,
    pub country: String,
}

impl Address {
    /// Whether it can be taken. Not every country has states, or ZIP codes; whether somebody lives
    /// there is for the carrier to say.
    pub fn check(&self) -> Result<(), InvalidText> {
        needed("street of the address", &self.street, LINE_LENGTH_MAX)?;
        needed("city of the address", &self.city, LINE_LENGTH_MAX)?;
        bounded("state of the address", &self.state, LINE_LENGTH_MAX)?;
        bounded("ZIP code of the address", &self.zip_code, CODE_LENGTH_MAX)?;
        needed("country of the address", &self.country, CODE_LENGTH_MAX)
    }
}
