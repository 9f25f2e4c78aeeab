//! What a request calls a function: a name, an ARN or a part of one, with a version or an alias.

use super::error::LambdaError;
use super::function::Function;
use super::permission;
use super::state::Lambda;
use crate::kernel::{Account, Arn, Context};
use crate::services::shared::constraint::Constraints;
use crate::wire::detect::is_region;

/// The pattern of names and ARNs, as the model writes it.
const PATTERN: &str = "(arn:(aws[a-zA-Z-]*)?:lambda:)?\
    ((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?\
    ([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";
const QUALIFIER_PATTERN: &str = "(|[a-zA-Z0-9$_-]+)";
const TEXT_CHARACTERS: (usize, usize) = (1, 140);
const NAME_CHARACTERS: (usize, usize) = (1, 64);
const QUALIFIER_CHARACTERS: (usize, usize) = (1, 128);

/// The version that is changed until it is published.
pub(super) const LATEST: &str = "$LATEST";

/// A function as a request names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) name: String,
    /// A version or an alias.
    pub(super) qualifier: Option<String>,
    account: Option<String>,
    region: Option<String>,
}

impl Address {
    /// Reads the members `FunctionName` and `Qualifier`.
    ///
    /// # Errors
    /// `ValidationException`; `InvalidParameterValueException` where both name another version.
    pub(super) fn read(text: Option<&str>, qualifier: Option<&str>) -> Result<Self, LambdaError> {
        let mut it = Constraints::default();
        it.required("functionName", text.as_ref());
        it.length("functionName", text, TEXT_CHARACTERS);
        let parsed = text.and_then(Self::parse);
        if let Some(text) = text
            && parsed.is_none()
        {
            it.not_of_pattern("functionName", text, PATTERN);
        }
        let name = parsed.as_ref().map(|address| address.name.as_str());
        it.length("functionName", name, NAME_CHARACTERS);
        it.length("qualifier", qualifier, QUALIFIER_CHARACTERS);
        if let Some(qualifier) = qualifier.filter(|it| !is_qualifier(it)) {
            it.not_of_pattern("qualifier", qualifier, QUALIFIER_PATTERN);
        }
        it.done()?;
        let mut address = parsed.expect("a text that is no address breaks a constraint");
        match (&address.qualifier, qualifier) {
            (Some(derived), Some(said)) if derived != said => {
                return Err(LambdaError::parameter(
                    "The derived qualifier from the function name does not match the specified \
                     qualifier.",
                ));
            }
            (None, Some(said)) => address.qualifier = Some(said.to_owned()),
            _ => {}
        }
        Ok(address)
    }

    /// The same for an operation that is about a whole function.
    ///
    /// # Errors
    /// `InvalidParameterValueException` for a version or an alias.
    pub(super) fn unqualified(text: Option<&str>) -> Result<Self, LambdaError> {
        let address = Self::read(text, None)?;
        match &address.qualifier {
            None => Ok(address),
            Some(_) => Err(LambdaError::parameter(
                "This operation does not permit versions or aliases: the function name must be \
                 unqualified.",
            )),
        }
    }

    /// Source: the pattern of `FunctionName` in the model.
    fn parse(text: &str) -> Option<Self> {
        let mut parts: Vec<&str> = text.split(':').collect();
        if let ["arn", partition, "lambda", ..] = parts[..]
            && (partition.is_empty() || partition.starts_with("aws"))
        {
            parts.drain(..3);
        }
        let mut rest = &parts[..];
        let mut take = |is_it: fn(&str) -> bool| match rest {
            [first, more @ ..] if !more.is_empty() && is_it(first) => {
                rest = more;
                Some((*first).to_owned())
            }
            _ => None,
        };
        let region = take(is_region);
        let account = take(Account::is_number);
        take(|part| part == "function");
        let (name, qualifier) = match *rest {
            [name] => (name, None),
            [name, qualifier] => (name, Some(qualifier)),
            _ => return None,
        };
        let is_name = !name.is_empty() && name.chars().all(is_name_character);
        let is_good = |it: &&str| *it == LATEST || it.chars().all(is_name_character);
        if !is_name || qualifier.is_some_and(|it| it.is_empty() || !is_good(&it)) {
            return None;
        }
        let qualifier = qualifier.map(str::to_owned);
        Some(Self { name: name.to_owned(), qualifier, account, region })
    }

    /// Its ARN in the context's account and region, as it was asked for.
    pub(super) fn arn(&self, ctx: &Context<'_>) -> Arn {
        let suffix = self.qualifier.as_ref().map(|it| format!(":{it}")).unwrap_or_default();
        ctx.arn(format!("function:{}{suffix}", self.name))
    }

    pub(super) fn not_found(&self, ctx: &Context<'_>) -> LambdaError {
        LambdaError::FunctionNotFound(self.arn(ctx).to_string())
    }

    /// Checks that it is of this region, and says which account holds it.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for another region or account.
    pub(super) fn check_place(&self, ctx: &mut Context<'_>) -> Result<(), LambdaError> {
        if let Some(region) = self.region.as_deref().filter(|it| *it != ctx.region()) {
            return Err(LambdaError::OtherRegion(region.to_owned(), ctx.region().to_owned()));
        }
        if let Some(account) = self.account.as_deref().filter(|it| *it != ctx.account()) {
            ctx.belongs_to(account);
            return Err(self.not_found(ctx));
        }
        Ok(())
    }
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn is_qualifier(text: &str) -> bool {
    text.chars().all(|c| is_name_character(c) || c == '$')
}

impl Lambda {
    /// The function at `address`, for whoever calls.
    ///
    /// # Errors
    /// `ResourceNotFoundException`; `AccessDeniedException` for a caller of another account whom
    /// its policy does not allow the operation.
    pub(super) fn function(
        &mut self,
        ctx: &mut Context<'_>,
        address: &Address,
    ) -> Result<&mut Function, LambdaError> {
        address.check_place(ctx)?;
        let Some(function) = self.functions.get_mut(address.name.as_str()) else {
            return Err(address.not_found(ctx));
        };
        permission::check_caller(ctx, function, address.qualifier.as_deref())?;
        Ok(function)
    }

    /// The function that [`Self::function`] has found before.
    pub(super) fn found(&mut self, address: &Address) -> &mut Function {
        self.functions.get_mut(address.name.as_str()).expect("it was found before")
    }
}
