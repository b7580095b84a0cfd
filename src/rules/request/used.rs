//! Which variables steps are filled in with.

use std::collections::BTreeSet;

use crate::model::request::{Body, Request, Step, Value};
use crate::rules::template::Template;

/// The names of all variables that steps use.
pub fn used(steps: &[Step]) -> BTreeSet<String> {
    steps
        .iter()
        .flat_map(templates)
        .filter_map(|text| Template::parse(text).ok())
        .flat_map(|template| template.variables().map(|variable| variable.name.clone()).collect::<Vec<_>>())
        .collect()
}

/// All templates of a step.
fn templates(step: &Step) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for setting in step.set.iter() {
        match &setting.value {
            Value::Text(text) | Value::Hash { text, .. } => all.push(text),
            Value::Hmac { key, text, .. } => all.extend([key.as_ref(), text.as_ref()]),
            Value::Jwt { key, head, claims, .. } => all.extend([key.as_ref(), head.as_ref(), claims.as_ref()]),
        }
    }
    match &step.request {
        Request::Login(login) => all.push(login),
        Request::Http(http) => {
            all.push(&http.url);
            all.extend(http.headers.iter().map(|(_, value)| value.as_ref()));
            all.extend(http.basic.as_deref());
            match &http.body {
                Body::None => {}
                Body::Form(fields) => all.extend(fields.iter().map(|(_, value)| value.as_ref())),
                Body::Json(text) | Body::Text(text) => all.push(text),
            }
            if let Some(sign) = &http.sigv4 {
                all.extend(
                    [&sign.service, &sign.region, &sign.id, &sign.secret, &sign.token].map(|text| text.as_ref()),
                );
            }
        }
    }
    all
}
