//! Amounts in minor units (cents) of a currency; never a float, never negative.
//!
//! Nothing here converts or rounds; how many minor units a unit has matters for printing only.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Largest amount: exact in a JSON number of any client.
pub const MINOR_UNITS_MAX: u64 = 1 << 53;

/// Currencies that somebody can be paid in: no metals, no units of account, no codes for tests.
/// Source: ISO 4217, list one, of 2026.
const KNOWN: &str = "
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
    CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD
    KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO
    NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE
    SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
    VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// ISO 4217 code, three capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Money {
    pub minor_units: u64,
    pub currency: Currency,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("a currency is three capital letters, got {0:?}")]
    InvalidCurrency(String),
    #[error("{0} is no currency of ISO 4217")]
    UnknownCurrency(Currency),
    #[error("amounts in {0} and {1} cannot be added")]
    CurrencyMismatch(Currency, Currency),
    #[error("the amount is larger than {MINOR_UNITS_MAX} minor units")]
    TooLarge,
}

impl Currency {
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(MoneyError::InvalidCurrency(text.to_owned())),
        }
    }

    /// The same, if there is such a currency. What was stored is read back whatever it is.
    pub fn known(self) -> Result<Self, MoneyError> {
        match KNOWN.split_ascii_whitespace().any(|code| code == self.as_str()) {
            true => Ok(self),
            false => Err(MoneyError::UnknownCurrency(self)),
        }
    }

    /// Decimal places of an amount. Source: ISO 4217, list one.
    pub fn decimals(&self) -> usize {
        match self.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF"
            | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2,
        }
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("parse accepts ASCII capitals only")
    }
}

impl Money {
    pub const fn zero(currency: Currency) -> Self {
        Self { minor_units: 0, currency }
    }

    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        self.bounded(self.minor_units.checked_add(other.minor_units))
    }

    pub fn times(self, quantity: u64) -> Result<Self, MoneyError> {
        self.bounded(self.minor_units.checked_mul(quantity))
    }

    fn bounded(self, minor_units: Option<u64>) -> Result<Self, MoneyError> {
        match minor_units {
            Some(minor_units) if minor_units <= MINOR_UNITS_MAX => {
                Ok(Self { minor_units, currency: self.currency })
            }
            _ => Err(MoneyError::TooLarge),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.currency.decimals();
        if decimals == 0 {
            return write!(f, "{} {}", self.minor_units, self.currency);
        }
        let unit = 10_u64.pow(decimals as u32);
        let (units, rest) = (self.minor_units / unit, self.minor_units % unit);
        write!(f, "{units}.{rest:0decimals$} {}", self.currency)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;
    fn try_from(text: String) -> Result<Self, MoneyError> {
        Self::parse(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_print_with_the_decimals_of_their_currency() {
        for (minor_units, currency, text) in [
            (4990, "EUR", "49.90 EUR"),
            (5, "USD", "0.05 USD"),
            (4990, "JPY", "4990 JPY"),
            (4990, "KWD", "4.990 KWD"),
        ] {
            let currency = Currency::parse(currency).expect("a currency");
            assert_eq!(Money { minor_units, currency }.to_string(), text);
        }
    }

    #[test]
    fn sums_keep_the_currency_and_refuse_to_overflow() {
        let eur = |minor_units| Money {
            minor_units,
            currency: Currency::parse("EUR").expect("a currency"),
        };
        let usd = Money::zero(Currency::parse("USD").expect("a currency"));
        assert_eq!(eur(2).plus(eur(3)), Ok(eur(5)));
        assert_eq!(eur(2).times(3), Ok(eur(6)));
        assert!(matches!(eur(2).plus(usd), Err(MoneyError::CurrencyMismatch(..))));
        assert_eq!(eur(MINOR_UNITS_MAX).plus(eur(1)), Err(MoneyError::TooLarge));
        assert_eq!(eur(u64::MAX).times(2), Err(MoneyError::TooLarge));
    }

    #[test]
    fn a_currency_is_three_capitals() {
        for bad in ["", "eur", "EURO", "E1R"] {
            assert!(Currency::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_known_currency_is_one_of_the_list() {
        let known = |code: &str| Currency::parse(code).expect("three capitals").known();
        for good in ["EUR", "AED", "ZWG", "JPY", "CHF"] {
            assert!(known(good).is_ok(), "{good}");
        }
        for bad in ["EUX", "XTS", "XAU", "DEM", "AAA", "ZZZ"] {
            let error = known(bad).expect_err(bad).to_string();
            assert_eq!(error, format!("{bad} is no currency of ISO 4217"));
        }
    }
}
