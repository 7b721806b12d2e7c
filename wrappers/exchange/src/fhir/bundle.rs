//! Bundles, and the names of their entries.

use serde_json::{Value, json};
use uuid::Uuid;

/// The name of an entry: the same for the same content key, always.
pub(crate) fn full_url(key: &str) -> String {
    let space = Uuid::new_v5(&Uuid::NAMESPACE_OID, b"urn:nengli");
    format!("urn:uuid:{}", Uuid::new_v5(&space, key.as_bytes()))
}

/// Resources with the keys that name them, as one collection.
pub(crate) fn collection(resources: impl IntoIterator<Item = (String, Value)>) -> Value {
    let entries: Vec<Value> = resources
        .into_iter()
        .map(|(key, resource)| json!({"fullUrl": full_url(&key), "resource": resource}))
        .collect();
    // A list without entries may not stand in FHIR.
    if entries.is_empty() {
        return json!({"resourceType": "Bundle", "type": "collection"});
    }
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
}
