//! Hebei: of the province the facts hold the insurance alone.

use super::Layer;

pub fn layers() -> Vec<Layer> {
    Vec::new()
}
