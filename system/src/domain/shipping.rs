//! The carrier's tariff: what it costs to send pieces to an address, or why that can't be done.
//!
//! | zone, from a warehouse in Oregon               | 1 to 3 | to 10 | to 100 pieces |
//! |------------------------------------------------|-------:|------:|--------------:|
//! | near: US, ZIP codes 8xxxx and 9xxxx            |   4.90 |  8.90 |         19.90 |
//! | far: the rest of the mainland of the US        |   6.90 | 12.90 |         27.90 |
//! | remote: Hawaii and Alaska (967, 968, 995 to 999) | 12.90 | 24.90 |       54.90 |
//! | neighbour: Canada, Mexico                      |  14.90 | 27.90 |         59.90 |
//! | overseas: AT BE CH DE DK ES FR GB IE IT NL SE  |  19.90 | 39.90 |         89.90 |
//!
//! In US dollars, whatever the goods were paid in. It knows neither weights nor who asks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::order::{Address, LINES_MAX, QUANTITY_MAX};
use super::{Currency, InvalidText, Money, ProductId};

/// The carrier takes no larger shipment.
pub const PIECES_MAX: u64 = 100;

/// What is to be sent where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    pub destination: Address,
    pub items: Vec<Parcel>,
}

/// Pieces of one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    pub product_id: ProductId,
    pub quantity: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub price: Money,
    pub zone: Zone,
    pub weight_class: WeightClass,
    pub pieces: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    Near,
    Far,
    Remote,
    Neighbour,
    Overseas,
}

/// By the number of pieces, since nobody weighs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WeightClass {
    Light,
    Medium,
    Heavy,
}

/// A shipment about which no carrier need be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidShipment {
    #[error("a shipment has 1 to {LINES_MAX} items")]
    Items,
    #[error("the quantity of {0} must be from 1 to {QUANTITY_MAX}")]
    Quantity(ProductId),
    #[error(transparent)]
    Address(#[from] InvalidText),
}

/// Why the carrier does not take a shipment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the carrier does not go to the country {0:?}; it wants a code like \"US\"")]
    UnknownCountry(String),
    #[error("{0:?} is no ZIP code of the US")]
    UnknownZip(String),
    #[error("the carrier takes at most {PIECES_MAX} pieces, not {0}")]
    TooManyPieces(u64),
}

/// What all but a carrier can check.
pub fn check(shipment: &Shipment) -> Result<(), InvalidShipment> {
    shipment.destination.check()?;
    if shipment.items.is_empty() || shipment.items.len() > LINES_MAX {
        return Err(InvalidShipment::Items);
    }
    match shipment.items.iter().find(|item| !(1..=QUANTITY_MAX).contains(&item.quantity)) {
        Some(item) => Err(InvalidShipment::Quantity(item.product_id.clone())),
        None => Ok(()),
    }
}

/// The tariff. The same shipment always costs the same.
pub fn quote(shipment: &Shipment) -> Result<Quote, Refusal> {
    let pieces = shipment.items.iter().fold(0, |sum: u64, item| sum.saturating_add(item.quantity));
    let zone = zone(&shipment.destination)?;
    let weight_class = match pieces {
        0..=3 => WeightClass::Light,
        4..=10 => WeightClass::Medium,
        11..=PIECES_MAX => WeightClass::Heavy,
        _ => return Err(Refusal::TooManyPieces(pieces)),
    };
    let [light, medium, heavy] = match zone {
        Zone::Near => [490, 890, 1990],
        Zone::Far => [690, 1290, 2790],
        Zone::Remote => [1290, 2490, 5490],
        Zone::Neighbour => [1490, 2790, 5990],
        Zone::Overseas => [1990, 3990, 8990],
    };
    let minor_units = match weight_class {
        WeightClass::Light => light,
        WeightClass::Medium => medium,
        WeightClass::Heavy => heavy,
    };
    let currency = Currency::parse("USD").expect("three capitals");
    Ok(Quote { price: Money { minor_units, currency }, zone, weight_class, pieces })
}

fn zone(destination: &Address) -> Result<Zone, Refusal> {
    match destination.country.as_str() {
        "US" => zone_of_zip(&destination.zip_code),
        "CA" | "MX" => Ok(Zone::Neighbour),
        "AT" | "BE" | "CH" | "DE" | "DK" | "ES" | "FR" | "GB" | "IE" | "IT" | "NL" | "SE" => {
            Ok(Zone::Overseas)
        }
        _ => Err(Refusal::UnknownCountry(destination.country.clone())),
    }
}

/// Five digits, perhaps with a dash and four more.
fn zone_of_zip(zip: &str) -> Result<Zone, Refusal> {
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|c| c.is_ascii_digit());
    let (area, rest) = zip.split_once('-').unwrap_or((zip, "0000"));
    if !digits(area, 5) || !digits(rest, 4) {
        return Err(Refusal::UnknownZip(zip.to_owned()));
    }
    Ok(match (&area[..3], &area[..1]) {
        ("967" | "968" | "995" | "996" | "997" | "998" | "999", _) => Zone::Remote,
        (_, "8" | "9") => Zone::Near,
        _ => Zone::Far,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipment(country: &str, zip_code: &str, quantities: &[u64]) -> Shipment {
        let product_id = ProductId::parse("lamp").expect("a product id");
        let item = |quantity: &u64| Parcel { product_id: product_id.clone(), quantity: *quantity };
        let (zip_code, country) = (zip_code.to_owned(), country.to_owned());
        let (street, city, state) = ("1 Main St".into(), "Town".into(), String::new());
        let destination = Address { street, city, state, zip_code, country };
        Shipment { destination, items: quantities.iter().map(item).collect() }
    }

    fn priced(country: &str, zip_code: &str, quantities: &[u64]) -> String {
        match quote(&shipment(country, zip_code, quantities)) {
            Ok(quote) => quote.price.to_string(),
            Err(refusal) => refusal.to_string(),
        }
    }

    #[test]
    fn zone_and_number_of_pieces_make_the_price() {
        for (country, zip_code, quantities, price) in [
            ("US", "97201", &[1][..], "4.90 USD"),
            ("US", "97201-1234", &[2, 1], "4.90 USD"),
            ("US", "97201", &[2, 2], "8.90 USD"),
            ("US", "97201", &[11], "19.90 USD"),
            ("US", "10001", &[100], "27.90 USD"),
            ("US", "96801", &[3], "12.90 USD"),
            ("US", "99501", &[10], "24.90 USD"),
            ("CA", "V5K 0A1", &[1], "14.90 USD"),
            ("DE", "10115", &[4], "39.90 USD"),
        ] {
            assert_eq!(priced(country, zip_code, quantities), price, "{country} {zip_code}");
        }
    }

    #[test]
    fn the_carrier_says_where_it_does_not_go() {
        assert!(priced("XX", "1", &[1]).contains("the country \"XX\""));
        assert!(priced("us", "97201", &[1]).contains("the country \"us\""));
        for zip in ["", "9720", "972011", "97201-", "9720a", "97201-12-3", "9720\u{e9}"] {
            assert!(priced("US", zip, &[1]).contains("no ZIP code"), "{zip}");
        }
        assert!(priced("US", "97201", &[100, 1]).contains("at most 100 pieces, not 101"));
        assert!(priced("US", "97201", &[u64::MAX, 9]).contains("at most 100 pieces"));
    }

    #[test]
    fn what_is_no_shipment_is_found_without_a_carrier() {
        assert_eq!(check(&shipment("US", "97201", &[1, QUANTITY_MAX])), Ok(()));
        assert_eq!(check(&shipment("US", "97201", &[])), Err(InvalidShipment::Items));
        let many = vec![1; LINES_MAX + 1];
        assert_eq!(check(&shipment("US", "97201", &many)), Err(InvalidShipment::Items));
        for bad in [0, QUANTITY_MAX + 1] {
            let checked = check(&shipment("US", "97201", &[1, bad]));
            assert!(matches!(checked, Err(InvalidShipment::Quantity(_))), "{bad}");
        }
    }
}
