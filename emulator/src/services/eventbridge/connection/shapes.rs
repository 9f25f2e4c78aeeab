//! Connections on the wire, as AWS's model names them. Requests hold secrets, answers do not.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// How a connection authorizes itself, as it is asked for.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AuthRequestParameters {
    pub api_key_auth_parameters: Option<ApiKeyRequestParameters>,
    pub basic_auth_parameters: Option<BasicRequestParameters>,
    pub connectivity_parameters: Option<ConnectivityResourceParameters>,
    pub invocation_http_parameters: Option<ConnectionHttpParameters>,
    #[serde(rename = "OAuthParameters")]
    pub oauth_parameters: Option<OAuthRequestParameters>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ApiKeyRequestParameters {
    pub api_key_name: Option<String>,
    pub api_key_value: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BasicRequestParameters {
    pub password: Option<String>,
    pub username: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OAuthRequestParameters {
    pub authorization_endpoint: Option<String>,
    pub client_parameters: Option<OAuthClientRequestParameters>,
    pub http_method: Option<String>,
    #[serde(rename = "OAuthHttpParameters")]
    pub oauth_http_parameters: Option<ConnectionHttpParameters>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OAuthClientRequestParameters {
    #[serde(rename = "ClientID")]
    pub client_id: Option<String>,
    pub client_secret: Option<String>,
}

/// What is added to each request.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConnectionHttpParameters {
    pub body_parameters: Option<Vec<ConnectionParameter>>,
    pub header_parameters: Option<Vec<ConnectionParameter>>,
    pub query_string_parameters: Option<Vec<ConnectionParameter>>,
}

/// A header, a member of the body or a parameter of the query.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConnectionParameter {
    pub is_value_secret: Option<bool>,
    pub key: Option<String>,
    pub value: Option<String>,
}

/// A private network; stored.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConnectivityResourceParameters {
    pub resource_parameters: Option<ConnectivityResourceConfigurationArn>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConnectivityResourceConfigurationArn {
    pub resource_configuration_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeConnectivityParameters {
    pub resource_parameters: Option<DescribeResourceParameters>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeResourceParameters {
    pub resource_association_arn: Option<String>,
    pub resource_configuration_arn: Option<String>,
}

/// How a connection authorizes itself, without its secrets.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AuthResponseParameters {
    pub api_key_auth_parameters: Option<ApiKeyResponseParameters>,
    pub basic_auth_parameters: Option<BasicResponseParameters>,
    pub connectivity_parameters: Option<DescribeConnectivityParameters>,
    pub invocation_http_parameters: Option<ConnectionHttpParameters>,
    #[serde(rename = "OAuthParameters")]
    pub oauth_parameters: Option<OAuthResponseParameters>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ApiKeyResponseParameters {
    pub api_key_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BasicResponseParameters {
    pub username: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OAuthResponseParameters {
    pub authorization_endpoint: Option<String>,
    pub client_parameters: Option<OAuthClientResponseParameters>,
    pub http_method: Option<String>,
    #[serde(rename = "OAuthHttpParameters")]
    pub oauth_http_parameters: Option<ConnectionHttpParameters>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OAuthClientResponseParameters {
    #[serde(rename = "ClientID")]
    pub client_id: Option<String>,
}

impl AuthRequestParameters {
    /// These parameters, and those of `old` where these have none.
    pub(super) fn over(self, old: Self) -> Self {
        let (oauth, old_oauth) = (self.oauth_parameters, old.oauth_parameters);
        let (basic, old_basic) = (self.basic_auth_parameters, old.basic_auth_parameters);
        let (key, old_key) = (self.api_key_auth_parameters, old.api_key_auth_parameters);
        Self {
            api_key_auth_parameters: both(key, old_key, |new, old| ApiKeyRequestParameters {
                api_key_name: new.api_key_name.or(old.api_key_name),
                api_key_value: new.api_key_value.or(old.api_key_value),
            }),
            basic_auth_parameters: both(basic, old_basic, |new, old| BasicRequestParameters {
                password: new.password.or(old.password),
                username: new.username.or(old.username),
            }),
            connectivity_parameters: self.connectivity_parameters.or(old.connectivity_parameters),
            invocation_http_parameters: self
                .invocation_http_parameters
                .or(old.invocation_http_parameters),
            oauth_parameters: both(oauth, old_oauth, OAuthRequestParameters::over),
        }
    }

    /// The same without secrets.
    pub(in crate::services::eventbridge) fn shown(&self) -> AuthResponseParameters {
        let key = self.api_key_auth_parameters.as_ref();
        let basic = self.basic_auth_parameters.as_ref();
        AuthResponseParameters {
            api_key_auth_parameters: key
                .map(|it| ApiKeyResponseParameters { api_key_name: it.api_key_name.clone() }),
            basic_auth_parameters: basic
                .map(|it| BasicResponseParameters { username: it.username.clone() }),
            connectivity_parameters: self.connectivity_parameters.as_ref().map(shown_connectivity),
            invocation_http_parameters: self.invocation_http_parameters.as_ref().map(without),
            oauth_parameters: self.oauth_parameters.as_ref().map(OAuthRequestParameters::shown),
        }
    }
}

impl OAuthRequestParameters {
    fn over(self, old: Self) -> Self {
        let (client, old_client) = (self.client_parameters, old.client_parameters);
        Self {
            authorization_endpoint: self.authorization_endpoint.or(old.authorization_endpoint),
            client_parameters: both(client, old_client, |new, old| OAuthClientRequestParameters {
                client_id: new.client_id.or(old.client_id),
                client_secret: new.client_secret.or(old.client_secret),
            }),
            http_method: self.http_method.or(old.http_method),
            oauth_http_parameters: self.oauth_http_parameters.or(old.oauth_http_parameters),
        }
    }

    fn shown(&self) -> OAuthResponseParameters {
        let client = self.client_parameters.as_ref();
        OAuthResponseParameters {
            authorization_endpoint: self.authorization_endpoint.clone(),
            client_parameters: client
                .map(|it| OAuthClientResponseParameters { client_id: it.client_id.clone() }),
            http_method: self.http_method.clone(),
            oauth_http_parameters: self.oauth_http_parameters.as_ref().map(without),
        }
    }
}

fn both<T>(new: Option<T>, old: Option<T>, merge: impl FnOnce(T, T) -> T) -> Option<T> {
    match (new, old) {
        (Some(new), Some(old)) => Some(merge(new, old)),
        (new, old) => new.or(old),
    }
}

/// What is shown of a private network.
pub(in crate::services::eventbridge) fn shown_connectivity(
    given: &ConnectivityResourceParameters,
) -> DescribeConnectivityParameters {
    let resource = given.resource_parameters.as_ref();
    DescribeConnectivityParameters {
        resource_parameters: resource.map(|it| DescribeResourceParameters {
            resource_association_arn: None,
            resource_configuration_arn: it.resource_configuration_arn.clone(),
        }),
    }
}

/// The parameters without the values that are secret.
fn without(parameters: &ConnectionHttpParameters) -> ConnectionHttpParameters {
    let shown = |list: &Option<Vec<ConnectionParameter>>| {
        let list = list.as_ref()?;
        let shown = list.iter().map(|it| ConnectionParameter {
            value: it.value.clone().filter(|_| it.is_value_secret != Some(true)),
            ..it.clone()
        });
        Some(shown.collect())
    };
    ConnectionHttpParameters {
        body_parameters: shown(&parameters.body_parameters),
        header_parameters: shown(&parameters.header_parameters),
        query_string_parameters: shown(&parameters.query_string_parameters),
    }
}
