//! What files of other programs have in common.

/// A path as another program wrote it, in the form that ours have: Windows wrote backslashes once, and a leading `./` comes
/// from arguments such as `./src`.
pub(super) fn path(text: &str) -> String {
    let path = text.replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}
